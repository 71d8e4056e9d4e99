import { DEMO } from '../aws/index.ts';
import { type Scene, SEALING_KEY, type Seen, USUAL } from './scene.ts';

// The five scenes with the action: their inputs, and what they promise.

const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

const succeeds = ({ step }: Seen) => step.exitCode === 0;
const exportsKeys = ({ step }: Seen) => KEYS.every((name) => step.exported[name] !== undefined);
const exportsNothing = ({ step }: Seen) => Object.keys({ ...step.exported, ...step.outputs }).length === 0;
const codes = ({ calls }: Seen) => calls.flatMap(({ mfa }) => mfa ?? []);
const oneCode = (seen: Seen) => codes(seen).length === 1 && codes(seen)[0]?.verdict === 'accepted';
const noCode = (seen: Seen) => codes(seen).length === 0;
const removesKeys = ({ post }: Seen) => KEYS.every((name) => post.exported[name] === '');

/** A session. */
export const SESSION: Scene = {
  title: '1 of 6: a session with MFA, checked by listing the buckets',
  inputs: { ...USUAL, 'list-buckets': 'true', summary: 'true' },
  shows: ['summary'],
  verdict: 'one code gives a session with MFA. Without MFA, AWS denies listing the buckets.',
  expected: {
    'the step succeeds': succeeds,
    'one code is sent and accepted': oneCode,
    'the session is exported': exportsKeys,
    'four buckets are listed': ({ step }) => step.outputs['bucket-count'] === '4',
  },
};

/** A role, and how the post step removes it. */
export const ROLE: Scene = {
  title: '2 of 6: a role, assumed directly with the code',
  inputs: { ...USUAL, 'role-to-assume': DEMO.roleArn },
  shows: ['exported', 'post'],
  verdict: 'later steps use the role, and the post step removes it.',
  expected: {
    'the step succeeds': succeeds,
    'one code is sent and accepted': oneCode,
    'the role is exported': exportsKeys,
    'the post step empties the exported variables': removesKeys,
  },
};

/** Needs an emulator that loses the first response. */
export const LOST: Scene = {
  title: '3 of 6: the network fails after AWS accepted the code',
  inputs: USUAL,
  shows: [],
  verdict: 'the code is used up, so the step sends another one.',
  expected: {
    'the step succeeds': succeeds,
    'two codes are sent and accepted': (seen) =>
      codes(seen).length === 2 && codes(seen).every(({ verdict }) => verdict === 'accepted'),
    'no code is sent twice': (seen) => codes(seen)[0]?.code !== codes(seen)[1]?.code,
    'the session is exported': exportsKeys,
  },
};

/** The inputs of the job that seals its session. */
export const SEALING = {
  ...USUAL,
  'seal-session': 'true',
  'sealing-key': SEALING_KEY,
  'output-env-credentials': 'false',
} as const;

/** The job that opens the sealed session. */
export const opening = (sealed: string): Scene => ({
  title: '4 of 6: one code for many jobs: this job opens a session that another job sealed',
  inputs: {
    'aws-region': DEMO.region,
    'sealed-session': sealed,
    'sealing-key': SEALING_KEY,
    roles: `deploy = ${DEMO.roleArn} duration_seconds=900 region=eu-west-1`,
  },
  shows: ['post'],
  verdict: 'without a key, a seed or a code, this job gets a role that requires MFA.',
  expected: {
    'the step succeeds': succeeds,
    'no code is sent': noCode,
    'the profile is written': ({ step }) => step.outputs['profiles']?.includes('"name":"deploy"') === true,
    'the post step succeeds': ({ post }) => post.exitCode === 0,
  },
});

/** A failure. */
export const MISTAKE: Scene = {
  title: '5 of 6: a mistake in mfa-serial',
  inputs: { ...USUAL, 'mfa-serial': `${DEMO.serial}-phone` },
  shows: [],
  verdict: 'the step fails immediately, says what is wrong and what to do, and exports nothing.',
  expected: {
    'the step fails': ({ step }) => step.exitCode === 1,
    'the log names the right device': ({ step }) => step.lines.some((line) => /mfa\/ci(?!-)/.test(line)),
    'nothing is exported': exportsNothing,
  },
};
