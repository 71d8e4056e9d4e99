import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { unwrap } from '../core/answer.ts';
import { Failure } from '../core/failure.ts';
import { persist } from '../core/retry.ts';
import { type ClientContext, clientOptions } from './client-options.ts';
import { diagnose } from './diagnose.ts';
import { type SourceKeys, sourceKeys, Unusable, within } from './key-source.ts';

const CALL = 'AssumeRoleWithWebIdentity';
/** Over all attempts. */
const LIMIT_S = 60;
/** The call is not signed. */
const NO_KEYS = { accessKeyId: '', secretAccessKey: '' };

/** A role, and the token that proves who may assume it. */
export interface WebIdentity {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly token: string;
}

/** The credentials of a role for a token of another identity provider, from the same endpoint and by the same way as all calls. */
export function keysForWebIdentity(
  { roleArn, sessionName, token }: WebIdentity,
  context: ClientContext,
): Promise<SourceKeys> {
  const client = new STSClient(clientOptions(context, NO_KEYS));
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    WebIdentityToken: token,
  });
  context.secrets.mask(token);
  const ask = async () => {
    try {
      const { Credentials } = await client.send(command, { abortSignal: context.signal });
      return { ok: true, value: Credentials, serverTime: undefined } as const;
    } catch (error) {
      const failure = diagnose(error, CALL, context);
      return { ok: false, failure, serverTime: undefined } as const;
    }
  };
  return within(LIMIT_S, CALL, context.signal, async () => {
    try {
      const found = unwrap(await persist(ask, context.retry));
      const keys = {
        accessKeyId: found?.AccessKeyId,
        secretAccessKey: found?.SecretAccessKey,
        sessionToken: found?.SessionToken,
        expiration: found?.Expiration,
      };
      return sourceKeys(keys, CALL);
    } catch (error) {
      if (context.signal.aborted || !(error instanceof Failure)) throw error;
      throw new Unusable('', { because: error });
    }
  });
}
