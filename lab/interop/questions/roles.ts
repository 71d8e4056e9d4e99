import { ACCEPTED, assumeRole, DENIED, mfaSession, type Question } from './question.ts';

/** What a role's trust policy and its limits are worth. */
export const ROLE_QUESTIONS: readonly Question[] = [
  {
    about: 'a role that demands MFA, without a code',
    aws: DENIED,
    ask: (account) => assumeRole(account, 'guarded'),
  },
  {
    about: 'a role that demands MFA, with a code',
    aws: ACCEPTED,
    async ask(account, code) {
      const { serial, seed } = account.ci;
      return assumeRole(account, 'guarded', { SerialNumber: serial, TokenCode: await code(seed) });
    },
  },
  {
    about: 'a role that demands MFA, with the session that a code gave',
    aws: ACCEPTED,
    ask: async (account, code) => assumeRole(account, 'guarded', {}, await mfaSession(account, account.ci, code)),
  },
  {
    about: 'a role that is not there',
    aws: DENIED,
    observed: true,
    ask: (account) => assumeRole(account, 'not-there'),
  },
  {
    about: 'tags, where the role does not allow sts:TagSession',
    aws: DENIED,
    ask: (account) => assumeRole(account, 'untagged', { Tags: [{ Key: 'Workflow', Value: 'Deploy' }] }),
  },
  {
    about: 'a wrong external ID',
    aws: DENIED,
    ask: (account) => assumeRole(account, 'partner', { ExternalId: 'another' }),
  },
  {
    about: 'no external ID, where the role wants one',
    aws: DENIED,
    ask: (account) => assumeRole(account, 'partner'),
  },
  {
    about: "a session longer than the role's maximum",
    aws: 'ValidationError',
    observed: true,
    ask: (account) => assumeRole(account, 'deploy', { DurationSeconds: 10_800 }),
  },
];
