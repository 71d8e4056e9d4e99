import { TRIAL } from '../aws/trial-world.ts';
import { type Credentials, credentialsIn, type Wire } from './account.ts';
import type { Boto3Answer, Boto3Call } from './boto3.ts';
import type { Run } from './run.ts';

// boto3 on this repository's emulator (the world of `npm run emulator`): pages, and requests that are signed wrongly or not at all.

const KEY: Credentials = { accessKeyId: TRIAL.accessKeyId, secretAccessKey: TRIAL.secretAccessKey };
const PAGES = [['example-artifacts', 'example-backups-eu', 'example-logs'], ['example-site']];

/**
 * All checks with boto3.
 * @param code one that is good and not used
 */
export async function checkBoto3(run: Run, endpoint: string, code: string): Promise<void> {
  const who: Boto3Call = { endpoint, service: 'sts', operation: 'get_caller_identity' };
  const list: Boto3Call = { endpoint, service: 's3', operation: 'list_buckets' };
  await checkPages(run, who, list, code);
  await checkSignatures(run, who, list);
}

async function checkPages({ report, boto3 }: Run, who: Boto3Call, list: Boto3Call, code: string): Promise<void> {
  await report.check('boto3: a session token with a code of pyotp, and the pages of list_buckets with it', async () => {
    const parameters = { SerialNumber: TRIAL.serial, TokenCode: code, DurationSeconds: 900 };
    const answer = await boto3.value({ ...who, operation: 'get_session_token', parameters, credentials: KEY });
    const session = credentialsIn(answer['Credentials'] as Wire);
    const paging = { parameters: { PaginationConfig: { PageSize: 3 } }, pages: true };
    const pages = await boto3.call({ ...list, ...paging, credentials: session });
    const another = { ...session, sessionToken: `${session.sessionToken?.slice(0, -4)}AAAA` };
    const none = { ...session, sessionToken: '' };
    return {
      'names, page by page': [namesIn(pages), PAGES],
      'with another session token': [
        told(await boto3.call({ ...who, credentials: another })),
        '403 InvalidClientTokenId',
      ],
      'with no session token': [told(await boto3.call({ ...who, credentials: none })), '403 InvalidClientTokenId'],
    };
  });
}

async function checkSignatures({ report, boto3 }: Run, who: Boto3Call, list: Boto3Call): Promise<void> {
  await report.check('boto3: requests that nobody signed, or not like this', async () => {
    const wrong = { credentials: { ...KEY, secretAccessKey: 'another' } };
    const unknown = { credentials: { ...KEY, accessKeyId: 'AKIAIOSFODNN7UNKNOWN' } };
    const session: Boto3Call = { ...who, operation: 'get_session_token', parameters: { DurationSeconds: 900 } };
    const altered = { ...session, credentials: KEY, alter: ['=900', '=901'] } as const;
    return {
      'STS, not signed': [told(await boto3.call(who)), '403 MissingAuthenticationToken'],
      'STS, wrong secret': [told(await boto3.call({ ...who, ...wrong })), '403 SignatureDoesNotMatch'],
      'STS, changed after it was signed': [told(await boto3.call(altered)), '403 SignatureDoesNotMatch'],
      'STS, unknown key': [told(await boto3.call({ ...who, ...unknown })), '403 InvalidClientTokenId'],
      'S3, not signed': [told(await boto3.call(list)), '403 AccessDenied'],
      'S3, wrong secret': [told(await boto3.call({ ...list, ...wrong })), '403 SignatureDoesNotMatch'],
      'S3, unknown key': [told(await boto3.call({ ...list, ...unknown })), '403 InvalidAccessKeyId'],
    };
  });
}

function namesIn(answer: Boto3Answer): unknown {
  if (!answer.ok) return told(answer);
  const pages = answer.value as readonly { readonly Buckets: readonly { readonly Name: string }[] }[];
  return pages.map(({ Buckets }) => Buckets.map(({ Name }) => Name));
}

function told(answer: Boto3Answer): string {
  return answer.ok ? 'accepted' : `${answer.status} ${answer.code}`;
}
