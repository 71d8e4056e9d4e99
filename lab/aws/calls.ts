import type { Judgement } from './mfa.ts';
import { queryOperation } from './query-api.ts';
import type { Request, Service } from './request.ts';
import { s3Operation } from './s3/target.ts';
import { readAuthorization } from './signature/authorization.ts';

/** One request in the log that tests read. It contains secrets, because this is a test tool. */
export interface Call {
  /** Emulator time of its arrival, ms since the epoch. */
  readonly at: number;
  readonly service: Service;
  /** `GetSessionToken`, `AssumeRole`, `ListBuckets`, …, or `Unknown`. */
  readonly operation: string;
  readonly accessKeyId: string | undefined;
  /** From the credential scope. */
  readonly region: string | undefined;
  /** Form and query parameters exactly as sent. */
  readonly params: Readonly<Record<string, string>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The verdict on a code, or undefined if AWS didn't look at one. */
  readonly mfa: Judgement | undefined;
  /** 0 until there is an answer, and if the connection was reset. */
  readonly status: number;
  readonly errorCode: string | undefined;
}

/** The entry of a call in progress. */
export type OpenCall = { -readonly [Field in keyof Call]: Call[Field] };

/** The entry of a request that has just arrived. */
export function openCall(request: Request, at: number): OpenCall {
  const { authorization: header } = request.headers;
  const claimed = header === undefined ? undefined : readAuthorization(header);
  const authorization = claimed === undefined || 'problem' in claimed ? undefined : claimed;
  return {
    at,
    service: request.service,
    operation: operationOf(request),
    accessKeyId: authorization?.accessKeyId,
    region: authorization?.scope.region,
    params: Object.fromEntries(request.params),
    headers: { ...request.headers },
    mfa: undefined,
    status: 0,
    errorCode: undefined,
  };
}

function operationOf(request: Request): string {
  const operation = request.service === 's3' ? s3Operation(request) : queryOperation(request.service, request.params);
  return operation ?? 'Unknown';
}

/** Parameters that aren't secret, for a person to read. */
const SHOWN = [
  'RoleArn',
  'RoleSessionName',
  'DurationSeconds',
  'UserName',
  'RoleName',
  'PolicyName',
  'PolicyArn',
  'VirtualMFADeviceName',
  'SerialNumber',
];

const LONGEST = 120;

/** One line per request for the terminal: the operation, the key and the result. Never a code, a token or a signature. */
export function requestLine(call: Call): string {
  const { at, service, operation, status, errorCode, accessKeyId, mfa, params } = call;
  const shown = SHOWN.flatMap((name) => (params[name] === undefined ? [] : `${name}=${printable(params[name])}`));
  return [
    new Date(at).toISOString().slice(11, 19),
    `${service} ${operation}`.padEnd(26),
    status === 0 ? 'no response' : String(status),
    ...(errorCode === undefined ? [] : [errorCode]),
    ...(accessKeyId === undefined ? ['unsigned'] : [printable(accessKeyId)]),
    ...shown,
    ...(mfa === undefined ? [] : [`(MFA code: ${mfa.verdict})`]),
  ].join(' ');
}

// Control characters in parameters mustn't reach the terminal.
function printable(value: string): string {
  const plain = value.replaceAll(/[^\x21-\x7e]/g, '?');
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}
