import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import type { Answer } from '../core/answer.ts';
import { identityOf, wholeCredentials } from '../core/credentials.ts';
import { Failure } from '../core/failure.ts';
import type { Identity, Keys, RoleCall, RoleSession, SessionCredentials, Sts } from '../core/ports.ts';
import { type ClientSetting, clientOptions } from './client-options.ts';
import { observeServerTime, type ServerTime } from './server-time.ts';

/** What STS says of credentials, before it is believed. */
interface WireCredentials {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
  readonly Expiration?: Date | undefined;
}

/** The Sts port on the SDK's client. */
export function createSts(setting: ClientSetting & { readonly endpoint: string | undefined }): Sts {
  const clients = new Map<string, { readonly client: STSClient; readonly time: ServerTime }>();

  function clientFor(
    call: string,
    keys: Keys,
    maxAttempts: number,
  ): { readonly client: STSClient; readonly time: ServerTime } {
    const name = `${call} ${keys.accessKeyId} ${maxAttempts}`;
    const known = clients.get(name);
    if (known !== undefined) return known;
    const client = new STSClient(clientOptions(setting, keys, setting.endpoint, maxAttempts));
    const made = { client, time: observeServerTime(client.middlewareStack) };
    clients.set(name, made);
    return made;
  }

  async function ask<T>(
    call: string,
    keys: Keys,
    maxAttempts: number,
    send: (client: STSClient) => Promise<T>,
  ): Promise<Answer<T>> {
    const { client, time } = clientFor(call, keys, maxAttempts);
    time.last = undefined;
    const began = client.config.systemClockOffset;
    try {
      return { ok: true, value: await send(client), serverTime: time.last };
    } catch (error) {
      if (setting.signal.aborted) throw setting.signal.reason;
      const { diagnose } = await import('./diagnose.ts');
      return { ok: false, failure: diagnose(error, call), serverTime: time.last };
    } finally {
      // Only what this call has learned: one that began earlier would put back what another has learned meanwhile.
      const { systemClockOffset } = client.config;
      if (systemClockOffset !== began) setting.correction.milliseconds = systemClockOffset;
    }
  }

  /** Once more where only the time of the signature was refused: the SDK has corrected it from that answer. */
  async function askWithoutCode<T>(...call: Parameters<typeof ask<T>>): Promise<Answer<T>> {
    const answer = await ask(...call);
    return !answer.ok && answer.failure.code === 'clock-off' ? ask(...call) : answer;
  }

  const { signal, mask, maxAttempts } = setting;
  const options = { abortSignal: signal };
  return {
    getSessionToken: (keys, mfa, durationSeconds) =>
      ask('GetSessionToken', keys, 1, async (client) => {
        const command = new GetSessionTokenCommand({
          SerialNumber: mfa.serialNumber,
          TokenCode: mfa.tokenCode,
          DurationSeconds: durationSeconds,
        });
        return readCredentials((await client.send(command, options)).Credentials, mask);
      }),
    assumeRole: (keys, call, mfa) => {
      const send = async (client: STSClient): Promise<RoleSession> => {
        const command = new AssumeRoleCommand({
          ...assumeRoleInput(call),
          SerialNumber: mfa?.serialNumber,
          TokenCode: mfa?.tokenCode,
        });
        const answer = await client.send(command, options);
        const credentials = readCredentials(answer.Credentials, mask);
        return { credentials, identity: readIdentity(answer.AssumedRoleUser?.Arn) };
      };
      return mfa === undefined
        ? askWithoutCode('AssumeRole', keys, maxAttempts, send)
        : ask('AssumeRole', keys, 1, send);
    },
    callerIdentity: (keys) =>
      askWithoutCode('GetCallerIdentity', keys, maxAttempts, async (client) => {
        const answer = await client.send(new GetCallerIdentityCommand({}), options);
        return readIdentity(answer.Arn);
      }),
  };
}

function assumeRoleInput(call: RoleCall) {
  const { sessionTags, policyArns } = call;
  const tags = sessionTags?.tags ?? [];
  const transitive = sessionTags?.transitiveKeys ?? [];
  return {
    RoleArn: call.roleArn,
    RoleSessionName: call.sessionName,
    DurationSeconds: call.durationSeconds,
    ExternalId: call.externalId,
    SourceIdentity: call.sourceIdentity,
    Policy: call.policy,
    PolicyArns: policyArns.length > 0 ? policyArns.map((arn) => ({ arn })) : undefined,
    Tags: tags.length > 0 ? tags.map(({ key, value }) => ({ Key: key, Value: value })) : undefined,
    TransitiveTagKeys: transitive.length > 0 ? [...transitive] : undefined,
  };
}

/**
 * Believes STS nothing: a 200 whose body lacks a field comes out of the SDK as a success. Masks the credentials before anything
 * else can happen to them.
 */
function readCredentials(wire: WireCredentials | undefined, mask: (secret: string) => void): SessionCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = wire ?? {};
  for (const secret of [AccessKeyId, SecretAccessKey, SessionToken]) if (secret) mask(secret);
  const credentials = wholeCredentials({
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  });
  if (credentials === undefined) throw new Failure('incomplete-answer', 'STS answered without whole credentials.');
  return credentials;
}

function readIdentity(arn: string | undefined): Identity {
  const identity = identityOf(arn);
  if (identity === undefined) throw new Failure('incomplete-answer', 'STS answered without a readable ARN.');
  return identity;
}
