import { IAMClient, ListMFADevicesCommand } from '@aws-sdk/client-iam';
import type { Answer } from '../core/answer.ts';
import type { Iam } from '../core/ports.ts';
import { type ClientSetting, clientOptions } from './client-options.ts';

/** The Iam port on the SDK's client. Loaded only to find a device, or to explain why one was not accepted. */
export function createIam(setting: ClientSetting & { readonly endpoint: string | undefined }): Iam {
  async function ask(client: IAMClient): Promise<Answer<readonly string[]>> {
    try {
      // Without UserName: the caller's own, which AWS's self-service policy allows without MFA. A user has eight at most.
      const { MFADevices } = await client.send(new ListMFADevicesCommand({}), { abortSignal: setting.signal });
      const serials = (MFADevices ?? [])
        .map(({ SerialNumber }) => SerialNumber)
        .filter((serial) => serial !== undefined);
      return { ok: true, value: serials, serverTime: undefined };
    } catch (error) {
      if (setting.signal.aborted) throw setting.signal.reason;
      const { diagnose } = await import('./diagnose.ts');
      return { ok: false, failure: diagnose(error, 'ListMFADevices'), serverTime: undefined };
    }
  }

  return {
    async listDevices(keys) {
      const client = new IAMClient(clientOptions(setting, keys, setting.endpoint, setting.maxAttempts));
      const answer = await ask(client);
      setting.correction.milliseconds = client.config.systemClockOffset;
      // Once more where only the time of the signature was refused: the SDK has corrected it from that answer.
      return !answer.ok && answer.failure.code === 'clock-off' ? ask(client) : answer;
    },
  };
}
