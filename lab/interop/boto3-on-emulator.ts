import { PLAYGROUND } from '../aws/demo-world.ts';
import { type Credentials, credentialsFrom, type WireCredentials } from './account.ts';
import type { Boto3Answer, Boto3Call } from './clients.ts';
import type { RunContext } from './report.ts';

// boto3 on our emulator as `npm run emulator` starts it: pages, and requests with a wrong signature or none.

const KEY: Credentials = { accessKeyId: PLAYGROUND.accessKeyId, secretAccessKey: PLAYGROUND.secretAccessKey };
const PAGES = [['example-artifacts', 'example-backups-eu', 'example-logs'], ['example-site']];

/**
 * All checks with boto3.
 * @param code a valid, unused one
 */
export async function checkBoto3(run: RunContext, endpoint: string, code: string): Promise<void> {
  const who: Boto3Call = { endpoint, service: 'sts', operation: 'get_caller_identity' };
  const list: Boto3Call = { endpoint, service: 's3', operation: 'list_buckets' };
  await checkPages(run, who, list, code);
  await checkSignatures(run, who, list);
}

async function checkPages({ report, boto3 }: RunContext, who: Boto3Call, list: Boto3Call, code: string): Promise<void> {
  await report.check('boto3: a session token with a code from pyotp, and pages of list_buckets with it', async () => {
    const parameters = { SerialNumber: PLAYGROUND.serial, TokenCode: code, DurationSeconds: 900 };
    const answer = await boto3.value({ ...who, operation: 'get_session_token', parameters, credentials: KEY });
    const session = credentialsFrom(answer['Credentials'] as WireCredentials);
    const paging = { parameters: { PaginationConfig: { PageSize: 3 } }, pages: true };
    const pages = await boto3.call({ ...list, ...paging, credentials: session });
    const another = { ...session, sessionToken: `${session.sessionToken?.slice(0, -4)}AAAA` };
    const none = { ...session, sessionToken: '' };
    return {
      'names, page by page': [namesIn(pages), PAGES],
      'with another session token': [
        outcomeOf(await boto3.call({ ...who, credentials: another })),
        '403 InvalidClientTokenId',
      ],
      'without a session token': [
        outcomeOf(await boto3.call({ ...who, credentials: none })),
        '403 InvalidClientTokenId',
      ],
    };
  });
}

async function checkSignatures({ report, boto3 }: RunContext, who: Boto3Call, list: Boto3Call): Promise<void> {
  await report.check('boto3: requests with a wrong signature or none', async () => {
    const wrong = { credentials: { ...KEY, secretAccessKey: 'another' } };
    const unknown = { credentials: { ...KEY, accessKeyId: 'AKIAIOSFODNN7UNKNOWN' } };
    const session: Boto3Call = { ...who, operation: 'get_session_token', parameters: { DurationSeconds: 900 } };
    const altered = { ...session, credentials: KEY, alter: ['=900', '=901'] } as const;
    return {
      'STS, unsigned': [outcomeOf(await boto3.call(who)), '403 MissingAuthenticationToken'],
      'STS, wrong secret': [outcomeOf(await boto3.call({ ...who, ...wrong })), '403 SignatureDoesNotMatch'],
      'STS, changed after signing': [outcomeOf(await boto3.call(altered)), '403 SignatureDoesNotMatch'],
      'STS, unknown key': [outcomeOf(await boto3.call({ ...who, ...unknown })), '403 InvalidClientTokenId'],
      'S3, unsigned': [outcomeOf(await boto3.call(list)), '403 AccessDenied'],
      'S3, wrong secret': [outcomeOf(await boto3.call({ ...list, ...wrong })), '403 SignatureDoesNotMatch'],
      'S3, unknown key': [outcomeOf(await boto3.call({ ...list, ...unknown })), '403 InvalidAccessKeyId'],
    };
  });
}

function namesIn(answer: Boto3Answer): unknown {
  if (!answer.ok) return outcomeOf(answer);
  const pages = answer.value as readonly { readonly Buckets: readonly { readonly Name: string }[] }[];
  return pages.map(({ Buckets }) => Buckets.map(({ Name }) => Name));
}

function outcomeOf(answer: Boto3Answer): string {
  return answer.ok ? 'accepted' : `${answer.status} ${answer.code}`;
}
