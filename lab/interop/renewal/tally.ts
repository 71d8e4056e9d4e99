import type { Call, Emulator } from '../../aws/index.ts';
import { textTable } from '../text-table.ts';
import type { Client } from './clients.ts';

/** What a client printed about a call. */
export interface Outcome {
  readonly operation: string;
  /** Undefined if the call succeeded. */
  readonly error?: string;
}

/** How a client fared. */
export interface Tally {
  readonly calls: number;
  /** Calls that AWS answered, signed with a session of the role. */
  readonly answered: number;
  /** Sessions of the role that the client used. */
  readonly sessions: number;
  /** How many times a client that doesn't renew would have stopped working. */
  readonly expirations: number;
  /** What failed: as the client reports it, and as AWS does. */
  readonly failures: readonly string[];
}

/** Counts what a client printed, and what the emulator saw of the sessions of its role. */
export function tally(
  outcomes: readonly Outcome[],
  { calls, sessions }: Pick<Emulator, 'calls' | 'sessions'>,
  roleArn: string,
): Tally {
  const ends = new Map(sessions.filter(({ arn }) => arn === roleArn).map((one) => [one.accessKeyId, one.expiresAt]));
  const endOf = ({ accessKeyId = '' }: Call): number | undefined => ends.get(accessKeyId);
  const answered = calls.filter((call) => call.status === 200 && endOf(call) !== undefined);
  const refused = calls.filter(
    (call) => call.status !== 200 && (endOf(call) !== undefined || call.params['RoleArn'] === roleArn),
  );
  return {
    calls: outcomes.length,
    answered: answered.length,
    sessions: new Set(answered.map(({ accessKeyId }) => accessKeyId)).size,
    expirations: livedThrough(answered.map((call) => ({ at: call.at, end: endOf(call) ?? 0 }))),
    failures: [
      ...outcomes.flatMap(({ operation, error }) => (error === undefined ? [] : [`${operation}: ${error}`])),
      ...refused.map(({ operation, status, errorCode }) => `AWS answered ${operation} with ${status} ${errorCode}`),
    ],
  };
}

/** Counts only what was unavoidable: a client that renews before every call doesn't live through more than one that waits. */
function livedThrough(answered: readonly { readonly at: number; readonly end: number }[]): number {
  let count = -1;
  let needed = -Infinity;
  for (const { at, end } of answered) {
    if (at < needed) continue;
    count += 1;
    needed = end;
  }
  return Math.max(count, 0);
}

/** A table for people. */
export function fared(
  rows: readonly { readonly client: Pick<Client, 'name' | 'version'>; readonly counted: Tally }[],
): string {
  return textTable([
    ['client', 'version', 'calls', 'sessions', 'expirations', 'failures'],
    ...rows.map(({ client: { name, version }, counted: { calls, sessions, expirations, failures } }) => [
      name,
      version,
      ...[calls, sessions, expirations, failures.length].map(String),
    ]),
  ]);
}
