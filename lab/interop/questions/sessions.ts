import { ListMFADevicesCommand } from '@aws-sdk/client-iam';
import type { Account } from '../account.ts';
import { ACCEPTED, accepted, clientsOf, DENIED, getSession, mfaSession, type Question, whoIs } from './question.ts';

const WRONG_CODE = '000000';

const spend = (account: Account, SerialNumber: string, TokenCode?: string): Promise<string> =>
  accepted(getSession(account, { SerialNumber, TokenCode }, account.ci.credentials));

/** Codes, devices, and what a session is. */
export const SESSION_QUESTIONS: readonly Question[] = [
  {
    about: 'a right code',
    aws: ACCEPTED,
    ask: async (account, code) => spend(account, account.ci.serial, await code(account.ci.seed)),
  },
  {
    about: 'a wrong code',
    aws: DENIED,
    ask: (account) => spend(account, account.ci.serial, WRONG_CODE),
  },
  {
    about: 'a code that was used',
    aws: DENIED,
    observed: true,
    async ask(account, code) {
      const used = await code(account.ci.seed);
      await spend(account, account.ci.serial, used);
      return spend(account, account.ci.serial, used);
    },
  },
  {
    about: "a right code of another user's device",
    aws: DENIED,
    ask: async (account, code) => spend(account, account.careful.serial, await code(account.careful.seed)),
  },
  {
    about: 'a serial number without a code',
    aws: DENIED,
    observed: true,
    ask: (account) => spend(account, account.ci.serial),
  },
  {
    about: 'a session of 38 hours',
    aws: 'ValidationError',
    ask: (account) => accepted(getSession(account, { DurationSeconds: 136_800 }, account.ci.credentials)),
  },
  {
    about: 'GetSessionToken with the keys of a session',
    aws: DENIED,
    observed: true,
    ask: async (account, code) => accepted(getSession(account, {}, await mfaSession(account, account.ci, code))),
  },
  {
    about: 'the access key IDs of two sessions',
    aws: 'two, ASIA…',
    async ask(account) {
      const first = await getSession(account, {}, account.ci.credentials);
      const second = await getSession(account, {}, account.ci.credentials);
      return `${first.accessKeyId === second.accessKeyId ? 'one' : 'two'}, ${first.accessKeyId.slice(0, 4)}…`;
    },
  },
  {
    about: "whose a session is (GetCallerIdentity; the user's name is ci)",
    aws: 'iam user/ci',
    observed: true,
    ask: async (account, code) => whoIs(account, await mfaSession(account, account.ci, code)),
  },
  {
    about: 'the keys of a session with another token',
    aws: 'InvalidClientTokenId',
    async ask(account) {
      const session = await getSession(account, {}, account.ci.credentials);
      return accepted(whoIs(account, { ...session, sessionToken: `${session.sessionToken?.slice(0, -4)}AAAA` }));
    },
  },
  {
    about: "the caller's devices (ListMFADevices without a name; there is one)",
    aws: 'one device',
    async ask({ endpoint, ci }) {
      const { MFADevices = [] } = await clientsOf(endpoint, ci.credentials).iam.send(new ListMFADevicesCommand({}));
      return MFADevices.length === 1 ? 'one device' : `${MFADevices.length} devices`;
    },
  },
];
