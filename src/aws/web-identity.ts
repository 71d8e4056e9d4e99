import {
  AssumeRoleWithWebIdentity$,
  type AssumeRoleWithWebIdentityRequest,
  type AssumeRoleWithWebIdentityResponse,
} from '@aws-sdk/client-sts';
import { Failure } from '../core/failure.ts';
import { unwrap } from '../core/ports.ts';
import { persist } from '../core/retry.ts';
import type { ClientContext } from './client-context.ts';
import { diagnose } from './diagnose.ts';
import { type SourceKeys, sourceKeys, Unusable, within } from './key-source.ts';
import { QueryClient, type QueryService } from './query-client.ts';
import { STS } from './sts.ts';

const CALL = 'AssumeRoleWithWebIdentity';
/** Over all attempts. */
const LIMIT_S = 60;
type WebIdentityCalls = {
  readonly AssumeRoleWithWebIdentity: [AssumeRoleWithWebIdentityRequest, AssumeRoleWithWebIdentityResponse];
};
export const STS_FOR_WEB_IDENTITY: QueryService<WebIdentityCalls> = {
  ...STS,
  calls: { AssumeRoleWithWebIdentity: AssumeRoleWithWebIdentity$ },
};

/** A role, and the token that proves who may assume it. */
export interface WebIdentity {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly token: string;
}

/** The credentials of a role for the token of another identity provider, from the same endpoint and with the same transport. */
export function keysForWebIdentity(
  { roleArn, sessionName, token }: WebIdentity,
  context: ClientContext,
): Promise<SourceKeys> {
  // Without keys: the token is the proof.
  const client = new QueryClient(STS_FOR_WEB_IDENTITY, context, undefined);
  const input = { RoleArn: roleArn, RoleSessionName: sessionName, WebIdentityToken: token };
  context.secrets.mask(token);
  const ask = async () => {
    try {
      const { Credentials } = await client.send(CALL, input, context.signal);
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
