import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import type { Answer } from '../core/answer.ts';
import { identityOf, wholeCredentials } from '../core/credentials.ts';
import { Failure } from '../core/failure.ts';
import type { Identity, Keys, RoleCall, RoleSession, SessionCredentials, Sts } from '../core/ports.ts';
import { persist } from '../core/retry.ts';
import { ask, type WatchedClient, watched } from './ask.ts';
import { type ClientContext, clientOptions, type Secrets } from './client-options.ts';

/** What STS says of credentials, before it is believed. */
interface WireCredentials {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
  readonly Expiration?: Date | undefined;
}

/** The Sts port on the SDK's client. */
export function createSts(context: ClientContext): Sts {
  const clients = new Map<string, WatchedClient<STSClient>>();

  /** One client for each call and key: what one learns of the clock while it waits must not change what another signs. */
  function clientFor(call: string, keys: Keys): WatchedClient<STSClient> {
    const name = `${call} ${keys.accessKeyId}`;
    const client = clients.get(name) ?? watched(new STSClient(clientOptions(context, keys)));
    clients.set(name, client);
    return client;
  }

  const { signal, secrets, retry } = context;
  const options = { abortSignal: signal };
  return {
    getSessionToken: (keys, mfa, durationSeconds) => {
      secrets.conceal(mfa.tokenCode);
      return ask(clientFor('GetSessionToken', keys), 'GetSessionToken', context, async (client, now) => {
        const command = new GetSessionTokenCommand({
          SerialNumber: mfa.serialNumber,
          TokenCode: mfa.tokenCode,
          DurationSeconds: durationSeconds,
        });
        const { Credentials } = await client.send(command, options);
        return readCredentials(Credentials, secrets, now() + durationSeconds * 1000, now());
      });
    },
    assumeRole: (keys, call, mfa) => {
      const { durationSeconds } = call;
      const send = (): Promise<Answer<RoleSession>> =>
        ask(clientFor('AssumeRole', keys), 'AssumeRole', context, async (client, now) => {
          const command = new AssumeRoleCommand({
            ...assumeRoleInput(call),
            SerialNumber: mfa?.serialNumber,
            TokenCode: mfa?.tokenCode,
          });
          const answer = await client.send(command, options);
          const credentials = readCredentials(answer.Credentials, secrets, now() + durationSeconds * 1000, now());
          return { credentials, identity: readIdentity(answer.AssumedRoleUser?.Arn) };
        });
      if (mfa === undefined) return persist(send, retry);
      secrets.conceal(mfa.tokenCode);
      return send();
    },
    callerIdentity: (keys) =>
      persist(
        () =>
          ask(clientFor('GetCallerIdentity', keys), 'GetCallerIdentity', context, async (client) => {
            const answer = await client.send(new GetCallerIdentityCommand({}), options);
            return readIdentity(answer.Arn);
          }),
        retry,
      ),
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

/** AWS's clock and the one that it is judged by differ by the network, and by a clock that no answer has corrected yet. */
const SLACK_MS = 300_000;

/**
 * Believes STS nothing: a 200 whose body lacks a field comes out of the SDK as a success. Masks the credentials before anything
 * else can happen to them. They must end after `now`, and not after `latest` (milliseconds since 1970).
 */
function readCredentials(
  wire: WireCredentials | undefined,
  { mask }: Secrets,
  latest: number,
  now: number,
): SessionCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = wire ?? {};
  for (const secret of [AccessKeyId, SecretAccessKey, SessionToken]) if (secret) mask(secret);
  const credentials = wholeCredentials({
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  });
  if (credentials === undefined) throw new Failure('incomplete-answer', 'STS answered without whole credentials.');
  const ends = credentials.expiration.getTime();
  if (ends > now && ends <= latest + SLACK_MS) return credentials;
  throw new Failure(
    'incomplete-answer',
    `STS answered with credentials that ${ends <= now ? 'ended' : 'end'} at ${credentials.expiration.toISOString()}; ${
      ends <= now ? 'they are of no use' : `the request allows ${new Date(latest).toISOString()} at the latest`
    }.`,
  );
}

function readIdentity(arn: string | undefined): Identity {
  const identity = identityOf(arn);
  if (identity === undefined) throw new Failure('incomplete-answer', 'STS answered without a readable ARN.');
  return identity;
}
