import {
  AssumeRole$,
  type AssumeRoleRequest,
  type AssumeRoleResponse,
  GetCallerIdentity$,
  type GetCallerIdentityRequest,
  type GetCallerIdentityResponse,
  GetSessionToken$,
  type GetSessionTokenRequest,
  type GetSessionTokenResponse,
} from '@aws-sdk/client-sts';
import sdk from '@aws-sdk/client-sts/package.json' with { type: 'json' };
import type { Identity, Keys, SessionCredentials } from '../core/credentials.ts';
import { identityOf, parseCredentials, secretsOf } from '../core/credentials.ts';
import { Failure } from '../core/failure.ts';
import type { Answer, Reporter, RoleCall, RoleSession, Sts } from '../core/ports.ts';
import { persist } from '../core/retry.ts';
import { type AnswerFacts, ask, requireRequestId, type WireAnswer } from './ask.ts';
import type { ClientContext } from './client-context.ts';
import { stsUrl } from './partitions.ts';
import { QueryClient, type QueryService } from './query-client.ts';

/** What STS says about credentials, before it is checked. */
interface WireCredentials {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
  readonly Expiration?: Date | undefined;
}

const SILENT: Reporter = { note: async () => undefined };

type StsCalls = {
  readonly GetSessionToken: [GetSessionTokenRequest, GetSessionTokenResponse];
  readonly AssumeRole: [AssumeRoleRequest, AssumeRoleResponse];
  readonly GetCallerIdentity: [GetCallerIdentityRequest, GetCallerIdentityResponse];
};

/** STS, as the SDK describes it. */
export const STS: QueryService<StsCalls> = {
  id: 'STS',
  version: sdk.version,
  signingName: 'sts',
  protocol: {
    defaultNamespace: 'com.amazonaws.sts',
    xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    version: '2011-06-15',
  },
  calls: { GetSessionToken: GetSessionToken$, AssumeRole: AssumeRole$, GetCallerIdentity: GetCallerIdentity$ },
  async target({ region, variants, endpoint }) {
    if (!variants.fips && !variants.dualstack) return { url: stsUrl(region, endpoint), region };
    const { targetOf } = await import('./endpoint-rules.ts');
    return targetOf('sts', { region, variants, endpoint });
  },
};

/** The Sts port. */
export function createSts(context: ClientContext): Sts {
  const clients = new Map<string, QueryClient<StsCalls>>();

  /** One client per call and key: what one learns of the clock while it waits must not change what another signs. */
  function clientFor(call: string, keys: Keys): QueryClient<StsCalls> {
    const name = `${call} ${keys.accessKeyId}`;
    const client = clients.get(name) ?? new QueryClient(STS, context, keys);
    clients.set(name, client);
    return client;
  }

  const { signal, secrets, newKeys, retry } = context;
  return {
    getSessionToken: (keys, mfa, durationSeconds) => {
      secrets.conceal(mfa.tokenCode);
      const client = clientFor('GetSessionToken', keys);
      return ask(client, 'GetSessionToken', context, async (facts) => {
        const input = {
          SerialNumber: mfa.serialNumber,
          TokenCode: mfa.tokenCode,
          DurationSeconds: durationSeconds,
        };
        const answer = await client.send('GetSessionToken', input, signal);
        return readCredentials('GetSessionToken', answer, { secrets, newKeys, durationSeconds, facts });
      });
    },
    assumeRole: (keys, call, mfa) => {
      const { durationSeconds } = call;
      const client = clientFor('AssumeRole', keys);
      const input = { ...assumeRoleInput(call), SerialNumber: mfa?.serialNumber, TokenCode: mfa?.tokenCode };
      const send = (): Promise<Answer<RoleSession>> =>
        ask(client, 'AssumeRole', context, async (facts) => {
          const answer = await client.send('AssumeRole', input, signal);
          const credentials = readCredentials('AssumeRole', answer, { secrets, newKeys, durationSeconds, facts });
          return { credentials, identity: readIdentity('AssumeRole', answer.AssumedRoleUser?.Arn) };
        });
      if (mfa === undefined) return persist(send, retry);
      secrets.conceal(mfa.tokenCode);
      return send();
    },
    callerIdentity: (keys, aside) => {
      const client = clientFor('GetCallerIdentity', keys);
      const send = (): Promise<Answer<Identity>> =>
        ask(client, 'GetCallerIdentity', context, async (facts) => {
          const answer = await client.send('GetCallerIdentity', {}, signal);
          if (answer.Arn === undefined) requireRequestId('GetCallerIdentity', answer, facts);
          return readIdentity('GetCallerIdentity', answer.Arn);
        });
      return persist(send, aside ? { ...retry, reporter: SILENT } : retry);
    },
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

/** AWS's clock and ours differ by the network's delay, and ours may not have been corrected by any response yet. */
const SLACK_MS = 300_000;

/** What credentials are checked against. */
interface Judgement extends Pick<ClientContext, 'secrets' | 'newKeys'> {
  /** Their longest lifetime by the request. */
  readonly durationSeconds: number;
  readonly facts: AnswerFacts;
}

/**
 * Masks the credentials before anything else can happen to them, and checks them: for the SDK, even a 200 whose body lacks a field is
 * a success. They must expire in the future, and not later than was requested.
 */
function readCredentials(
  call: string,
  answer: { readonly Credentials?: WireCredentials | undefined } & WireAnswer,
  { secrets, newKeys, durationSeconds, facts }: Judgement,
): SessionCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  for (const secret of secretsOf({
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  }))
    secrets.mask(secret);
  if (answer.Credentials === undefined) requireRequestId(call, answer, facts);
  const credentials = parseCredentials({
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  });
  if (credentials === undefined) throw new Failure('incomplete-answer', { call, reason: 'no-credentials' });
  const ends = credentials.expiration.getTime();
  const latest = facts.time() + durationSeconds * 1000;
  if (ends > facts.time() && ends <= latest + SLACK_MS) {
    newKeys.add(credentials.accessKeyId);
    return credentials;
  }
  const { expiration } = credentials;
  throw new Failure(
    'incomplete-answer',
    ends > facts.time()
      ? { call, reason: 'valid-too-long', expiration, latest: new Date(latest) }
      : { call, reason: 'expired', expiration },
  );
}

function readIdentity(call: string, arn: string | undefined): Identity {
  const identity = identityOf(arn);
  if (identity === undefined) throw new Failure('incomplete-answer', { call, reason: 'no-arn' });
  return identity;
}
