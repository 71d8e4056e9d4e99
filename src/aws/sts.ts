import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import type { Answer } from '../core/answer.ts';
import type { Identity, Keys, SessionCredentials } from '../core/credentials.ts';
import { identityOf, wholeCredentials } from '../core/credentials.ts';
import { Failure } from '../core/failure.ts';
import type { Reporter, RoleCall, RoleSession, Sts } from '../core/ports.ts';
import { persist } from '../core/retry.ts';
import { type AnswerFacts, ask, type WatchedClient, watched } from './ask.ts';
import { type ClientContext, clientOptions } from './client-options.ts';
import { requireRequestId, type WireAnswer } from './request-id.ts';

/** What STS says of credentials, before it is believed. */
interface WireCredentials {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
  readonly Expiration?: Date | undefined;
}

const SILENT: Reporter = { info: () => undefined, warning: () => undefined };

/** The Sts port on the SDK's client. */
export function createSts(context: ClientContext): Sts {
  const clients = new Map<string, WatchedClient<STSClient>>();

  /** One client for each call and key: what one learns of the clock while it waits must not change what another signs. */
  function clientFor(call: string, keys: Keys): WatchedClient<STSClient> {
    const name = `${call} ${keys.accessKeyId}`;
    const client = clients.get(name) ?? watched(new STSClient(clientOptions(context, keys)), keys);
    clients.set(name, client);
    return client;
  }

  const { signal, secrets, newKeys, retry } = context;
  const options = { abortSignal: signal };
  return {
    getSessionToken: (keys, mfa, durationSeconds) => {
      secrets.conceal(mfa.tokenCode);
      return ask(clientFor('GetSessionToken', keys), 'GetSessionToken', context, async (client, facts) => {
        const command = new GetSessionTokenCommand({
          SerialNumber: mfa.serialNumber,
          TokenCode: mfa.tokenCode,
          DurationSeconds: durationSeconds,
        });
        const answer = await client.send(command, options);
        return readCredentials('GetSessionToken', answer, { secrets, newKeys, durationSeconds, facts });
      });
    },
    assumeRole: (keys, call, mfa) => {
      const { durationSeconds } = call;
      const send = (): Promise<Answer<RoleSession>> =>
        ask(clientFor('AssumeRole', keys), 'AssumeRole', context, async (client, facts) => {
          const command = new AssumeRoleCommand({
            ...assumeRoleInput(call),
            SerialNumber: mfa?.serialNumber,
            TokenCode: mfa?.tokenCode,
          });
          const answer = await client.send(command, options);
          const credentials = readCredentials('AssumeRole', answer, { secrets, newKeys, durationSeconds, facts });
          return { credentials, identity: readIdentity('AssumeRole', answer.AssumedRoleUser?.Arn) };
        });
      if (mfa === undefined) return persist(send, retry);
      secrets.conceal(mfa.tokenCode);
      return send();
    },
    callerIdentity: (keys, aside) =>
      persist(
        () =>
          ask(clientFor('GetCallerIdentity', keys), 'GetCallerIdentity', context, async (client, facts) => {
            const answer = await client.send(new GetCallerIdentityCommand({}), options);
            if (answer.Arn === undefined) requireRequestId('GetCallerIdentity', answer, facts);
            return readIdentity('GetCallerIdentity', answer.Arn);
          }),
        aside ? { ...retry, reporter: SILENT } : retry,
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

/** What credentials are judged by. */
interface Judgement extends Pick<ClientContext, 'secrets' | 'newKeys'> {
  /** How long the request lets them live. */
  readonly durationSeconds: number;
  readonly facts: AnswerFacts;
}

/**
 * Believes STS nothing: a 200 whose body lacks a field comes out of the SDK as a success. Masks the credentials before anything
 * else can happen to them. They must end in the future, and not later than was requested.
 */
function readCredentials(
  call: string,
  answer: { readonly Credentials?: WireCredentials | undefined } & WireAnswer,
  { secrets, newKeys, durationSeconds, facts }: Judgement,
): SessionCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  for (const secret of [AccessKeyId, SecretAccessKey, SessionToken]) if (secret) secrets.mask(secret);
  if (answer.Credentials === undefined) requireRequestId(call, answer, facts);
  const credentials = wholeCredentials({
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
