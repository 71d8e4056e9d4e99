import type { Call } from './calls.ts';

/** Parameters that are no secret: what a person wants to see of a request. */
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

/** One request for the terminal: what was asked, by which key, and what came of it. Never a code, a token or a signature. */
export function requestLine(call: Call): string {
  const { at, service, operation, status, errorCode, accessKeyId, mfa, params } = call;
  const shown = SHOWN.flatMap((name) => (params[name] === undefined ? [] : `${name}=${printable(params[name])}`));
  return [
    new Date(at).toISOString().slice(11, 19),
    `${service} ${operation}`.padEnd(26),
    status === 0 ? 'no answer' : String(status),
    ...(errorCode === undefined ? [] : [errorCode]),
    ...(accessKeyId === undefined ? ['unsigned'] : [printable(accessKeyId)]),
    ...shown,
    ...(mfa === undefined ? [] : [`(MFA code: ${mfa.verdict})`]),
  ].join(' ');
}

// What comes from outside must not move the cursor.
function printable(value: string): string {
  const plain = value.replaceAll(/[^\x21-\x7e]/g, '?');
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}
