import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEMO, OffsetClock } from '../../../lab/aws/index.ts';
import {
  handedOver,
  jobFor,
  NOTHING,
  operations,
  SESSION,
  startJob,
  succeeded,
  withoutTimes,
} from '../../kit/action.ts';
import { annotationOf, expectFailure, naming } from '../../kit/annotation.ts';
import { startGate } from '../../kit/between.ts';
import {
  HOME,
  manyAccounts,
  PROD,
  ROLES,
  STAGING,
  TWENTY,
  TWENTY_LINES,
  TWO,
  trusting,
  without,
} from '../../kit/many-accounts.ts';
import { testNeeding } from '../../kit/platform.ts';
import { FILES, filesIn, keysIn, modeOf, pathOf, read, whoIsIn } from '../../kit/profile-files.ts';

const SEALING_KEY = 'ol+zW+Mg/v4L49bUXexHGWXs5etfMQ4Z/oS+p7efmrk=';

describe('20 roles in 5 accounts', () => {
  test('cost one code: one call carries it, and 20 carry none', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES } }));
    const withCode = emulator.calls.filter(({ params }) => 'TokenCode' in params || 'SerialNumber' in params);
    expect(withCode.map(({ operation }) => operation)).toEqual(['GetSessionToken']);
    expect(operations(emulator).toSorted()).toEqual([
      ...TWENTY.map(() => 'AssumeRole'),
      'GetCallerIdentity',
      'GetSessionToken',
    ]);
    const assumed = emulator.calls.filter(({ operation }) => operation === 'AssumeRole');
    expect(assumed.map(({ params }) => params['RoleArn']).toSorted()).toEqual(
      TWENTY.map(({ account, role }) => `arn:aws:iam::${account}:role/${role}`).toSorted(),
    );
    for (const { accessKeyId, params, region } of assumed) {
      expect(accessKeyId).toMatch(/^ASIA/);
      expect(params).toMatchObject({ DurationSeconds: '3600', RoleSessionName: 'GitHubActions' });
      expect(region).toBe('us-east-1');
    }
  });

  test('are assumed five at one time, and never more', async () => {
    const { emulator } = await startJob({ world: manyAccounts() });
    const gate = await startGate(emulator);
    const job = jobFor(emulator, { env: { AWS_ENDPOINT_URL: gate.endpoint } });
    await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES } }));
    expect(gate.passed()).toBe(20);
    expect(gate.most()).toBe(5);
  });

  test('are each a profile in both files, with its own keys and region', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES } }));
    const note = '# Written by aws-mfa-credentials; removed when the job ends, with this file.';
    expect(read(pathOf(job, 'config'))).toBe(
      TWENTY.map(({ name, region }) => `\n${note}\n[profile ${name}]\nregion = ${region}\n`).join(''),
    );
    expect(await whoIsIn(pathOf(job, 'credentials'), emulator)).toEqual(
      Object.fromEntries(
        TWENTY.map(({ name, role, account }) => [name, `arn:aws:sts::${account}:assumed-role/${role}/GitHubActions`]),
      ),
    );
  });

  testNeeding('file modes')('are for the owner alone', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES } }));
    expect(FILES.map((file) => modeOf(pathOf(job, file)))).toEqual(['600', '600']);
    expect(modeOf(join(job.home, '.aws'))).toBe('700');
  });

  test('are outputs without a secret, and no variable is exported', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const { outputs, exported } = await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES } }));
    expect(exported).toEqual({});
    expect(outputs).toEqual({
      'aws-account-id': HOME,
      'authenticated-arn': 'arn:aws:iam::111122223333:user/ci',
      'aws-expiration': expect.any(String),
      'mfa-serial': DEMO.serial,
      profiles: expect.any(String),
    });
    expect(JSON.parse(outputs['profiles'] ?? '')).toEqual(
      TWENTY.map(({ name, role, account }) => ({
        name,
        account,
        arn: `arn:aws:sts::${account}:assumed-role/${role}/GitHubActions`,
        expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      })),
    );
  });

  test('are listed in the log, with every secret masked before', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const { lines, stdout } = await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES } }));
    expect(withoutTimes(lines)).toEqual([
      naming('arn:aws:iam::111122223333:user/ci', 'arn:aws:iam::111122223333:mfa/ci'),
      naming('TIME', '1 hour'),
      ...TWENTY.map(
        ({ name, role, account }) =>
          `Profile ${name}: arn:aws:sts::${account}:assumed-role/${role}/GitHubActions, valid until TIME.`,
      ),
      naming(
        'audit-1, build-1, deploy-1, report-1, audit-2, build-2, deploy-2, report-2, audit-3, build-3, deploy-3, report-3, audit-4, build-4, deploy-4, report-4, audit-5, build-5, deploy-5, report-5',
      ),
    ]);
    const printed = stdout.split('\n');
    const first = printed.findIndex((line) => !line.startsWith('::add-mask::'));
    const masks = printed.slice(0, first);
    const profiles = keysIn(read(pathOf(job, 'credentials')));
    expect(profiles.size).toBe(20);
    for (const keys of profiles.values())
      for (const secret of Object.values(keys)) expect(masks).toContain(`::add-mask::${secret}`);
  });

  test('are a table in the summary', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const { summary } = await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES, summary: 'true' } }));
    expect(withoutTimes(summary.split('\n'))).toEqual([
      '### AWS credentials with MFA',
      '',
      '| **Identity** | <code>arn:aws:iam::111122223333:user/ci</code> |',
      '| :-- | :-- |',
      '| **Account** | <code>111122223333</code> |',
      '| **Obtained with** | GetSessionToken |',
      '| **MFA device** | <code>arn:aws:iam::111122223333:mfa/ci</code> |',
      '| **Valid until** | <code>TIME</code> (for 1 hour) |',
      '| **Region** | <code>us-east-1</code> |',
      '| **Exported to later steps** | 20 profiles |',
      '',
      '| Profile | Account | Role | Region | Valid until |',
      '| :-- | :-- | :-- | :-- | :-- |',
      ...TWENTY.map(
        ({ name, role, account, region }) =>
          `| <code>${name}</code> | <code>${account}</code> | <code>arn:aws:sts::${account}:assumed-role/${role}/GitHubActions</code> | <code>${region}</code> | <code>TIME</code> |`,
      ),
      '',
      '',
    ]);
  });

  test('are all taken out by the post step', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES } }));
    const [post] = await job.post();
    expect(post?.exitCode).toBe(0);
    expect(post?.exported).toEqual({});
    expect(post?.lines).toEqual([
      naming(
        'audit-1, build-1, deploy-1, report-1, audit-2, build-2, deploy-2, report-2, audit-3, build-3, deploy-3, report-3, audit-4, build-4, deploy-4, report-4, audit-5, build-5, deploy-5, report-5',
      ),
    ]);
    expect(filesIn(job.home, '.aws')).toEqual([]);
  });

  test('cost one code too where AWS asks to call less often, and where its clock is another', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts(), clock: new OffsetClock(-3_600_000) });
    emulator.faults.add({ kind: 'throttle', operation: 'AssumeRole', times: 3 });
    await succeeded(job.step({ inputs: { ...SESSION, roles: TWENTY_LINES } }));
    const accepted = emulator.calls.filter(({ mfa }) => mfa !== undefined);
    expect(accepted.map(({ operation, mfa }) => [operation, mfa?.verdict])).toEqual([['GetSessionToken', 'accepted']]);
    expect(keysIn(read(pathOf(job, 'credentials'))).size).toBe(20);
  });
});

describe('a line', () => {
  test('says on what terms its role is assumed', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const own = 'duration_seconds=900 role_session_name=nightly external_id=x:y';
    const inputs = { ...SESSION, 'role-external-id': 'ours', roles: `staging = ${STAGING} ${own}\nprod = ${PROD}` };
    const { outputs } = await succeeded(job.step({ inputs }));
    const [staging, prod] = ['222233334444', '333344445555'].map((account) =>
      emulator.calls.find(({ params }) => params['RoleArn']?.includes(account)),
    );
    expect(staging?.params).toMatchObject({ DurationSeconds: '900', RoleSessionName: 'nightly', ExternalId: 'x:y' });
    expect(prod?.params).toMatchObject({
      DurationSeconds: '3600',
      RoleSessionName: 'GitHubActions',
      ExternalId: 'ours',
    });
    const ends: readonly { readonly expiration: string }[] = JSON.parse(outputs['profiles'] ?? '');
    const [first = Number.NaN, second = Number.NaN] = ends.map(({ expiration }) => Date.parse(expiration));
    expect(Math.round((second - first) / 60_000)).toBe(45);
  });

  test("may name a role of the session's account by its name", async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const { outputs } = await succeeded(job.step({ inputs: { ...SESSION, roles: 'a = audit' } }));
    expect(JSON.parse(outputs['profiles'] ?? '')).toMatchObject([
      { name: 'a', account: HOME, arn: 'arn:aws:sts::111122223333:assumed-role/audit/GitHubActions' },
    ]);
  });

  test('may be alone', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const { lines } = await succeeded(job.step({ inputs: { ...SESSION, roles: `prod = ${PROD}` } }));
    expect(lines.at(-1)).toEqual(naming('prod'));
    const [post] = await job.post();
    expect(post?.lines).toEqual([naming('prod')]);
  });

  test('can have a secret key without special characters, at no further code', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: { ...ROLES, 'special-characters-workaround': 'true' } }));
    for (const { secretAccessKey } of keysIn(read(pathOf(job, 'credentials'))).values())
      expect(secretAccessKey).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(emulator.calls.filter(({ params }) => 'TokenCode' in params)).toHaveLength(1);
  });
});

describe('source_profile', () => {
  /** Production may be reached only from the role of staging. */
  const chained = () =>
    manyAccounts(({ accounts }) => {
      const role = accounts.find(({ id }) => id === '333344445555')?.roles.find(({ name }) => name === 'deploy');
      if (role !== undefined) role.trustPolicy = trusting(STAGING);
    });
  const CHAIN = `prod = ${PROD} source_profile=staging\nstaging = ${STAGING}\naudit = audit`;

  test('makes a chain: the one role is assumed with the keys of the other, which come first', async () => {
    const { emulator, job } = await startJob({ world: chained() });
    await succeeded(job.step({ inputs: { ...SESSION, roles: CHAIN } }));
    const assumed = emulator.calls.filter(({ operation }) => operation === 'AssumeRole');
    const prod = assumed.findIndex(({ params }) => params['RoleArn'] === PROD);
    const staging = assumed.findIndex(({ params }) => params['RoleArn'] === STAGING);
    expect(prod).toBeGreaterThan(staging);
    const keys = keysIn(read(pathOf(job, 'credentials')));
    expect([...keys.keys()]).toEqual(['prod', 'staging', 'audit']);
    expect(assumed[prod]?.accessKeyId).toBe(keys.get('staging')?.accessKeyId);
    expect(await whoIsIn(pathOf(job, 'credentials'), emulator)).toMatchObject({
      prod: 'arn:aws:sts::333344445555:assumed-role/deploy/GitHubActions',
    });
  });

  test('leaves no role_arn and no source_profile in the config file: each profile stands by itself', async () => {
    const { job } = await startJob({ world: chained() });
    await succeeded(job.step({ inputs: { ...SESSION, roles: CHAIN } }));
    expect(read(pathOf(job, 'config')).match(/^[^#\n].*$/gm)).toEqual([
      '[profile prod]',
      'region = us-east-1',
      '[profile staging]',
      'region = us-east-1',
      '[profile audit]',
      'region = us-east-1',
    ]);
  });

  test('goes with transitive tags, which a role passes on by itself', async () => {
    const { emulator, job } = await startJob({ world: chained() });
    const inputs = { ...SESSION, roles: CHAIN, 'custom-tags': '{"Team":"blue"}', 'transitive-tag-keys': 'Team' };
    await succeeded(job.step({ inputs }));
    const sentFor = (role: string): readonly string[] =>
      Object.values(emulator.calls.find(({ params }) => params['RoleArn'] === role)?.params ?? {});
    expect(sentFor(STAGING)).toContain('Team');
    expect(sentFor(PROD)).not.toContain('Team');
  });

  test('of a role that is refused leaves the other unasked for, and the message names the one', async () => {
    const { emulator, job } = await startJob({ world: without(STAGING) });
    const result = await job.step({ inputs: { ...SESSION, roles: CHAIN } });
    expect(result.exitCode).toBe(1);
    const asked = emulator.calls.map(({ params }) => params['RoleArn']);
    expect(asked).toContain(STAGING);
    expect(asked).not.toContain(PROD);
    expectFailure(annotationOf(result), 'assume-role-denied', 'staging', STAGING, 'AssumeRole');
    expect(handedOver(result)).toEqual(NOTHING);
  });
});

describe('allowed-account-ids', () => {
  test('need not name the account of a session that stays in the step', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const accounts = { 'allowed-account-ids': '222233334444, 333344445555' };
    await succeeded(job.step({ inputs: { ...ROLES, ...accounts } }));
  });

  test.each([
    ['variables', { 'output-env-credentials': 'true' }],
    ['outputs', { 'output-credentials': 'true' }],
    ['a profile', { 'aws-profile': 'ci' }],
    ['a sealed text', { 'seal-session': 'true', 'sealing-key': SEALING_KEY }],
  ])('have to name it if the session leaves the step as %s', async (_, given) => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const accounts = { 'allowed-account-ids': '222233334444, 333344445555' };
    const result = await job.step({ inputs: { ...ROLES, ...accounts, ...given } });
    expect(result.exitCode).toBe(1);
    expect(handedOver(result)).toEqual(NOTHING);
    expect(filesIn(job.home, '.aws')).toEqual([]);
    // The device tells its account before a code is spent.
    expect(operations(emulator)).toEqual([]);
    expectFailure(annotationOf(result), 'invalid-input', 'mfa-serial', '111122223333', 'allowed-account-ids');
  });

  test('refuse a role that is given by its name, in an account that they do not name', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const result = await job.step({
      inputs: { ...SESSION, roles: `${TWO}\naudit = audit`, 'allowed-account-ids': '222233334444, 333344445555' },
    });
    expect(result.exitCode).toBe(1);
    expect(handedOver(result)).toEqual(NOTHING);
    expect(filesIn(job.home, '.aws')).toEqual([]);
    expectFailure(annotationOf(result), 'invalid-input', 'audit', '111122223333', 'allowed-account-ids');
  });
});

describe('mask-aws-account-id', () => {
  const MASKED = { ...SESSION, roles: `${TWO}\naudit = audit`, 'mask-aws-account-id': 'true', summary: 'true' };

  test('hides the account of every role in the log and in the summary', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    const { lines, summary } = await succeeded(job.step({ inputs: MASKED }));
    expect([...lines, summary].join('\n')).not.toMatch(/111122223333|222233334444|333344445555/);
    expect(lines).toContainEqual(naming('prod', 'arn:aws:sts::***:assumed-role/deploy/'));
  });

  test('hides them in a refusal too', async () => {
    const { job } = await startJob({ world: without(PROD) });
    const { lines } = await job.step({ inputs: MASKED });
    expect(lines[0]).toContain('prod (arn:aws:iam::***:role/deploy)');
    expect(lines.join('\n')).not.toMatch(/111122223333|222233334444|333344445555/);
  });
});

test('as many roles as a step takes, with the longest names, are all taken out by the post step', async () => {
  const count = process.platform === 'win32' ? 50 : 200;
  const names = Array.from({ length: count }, (_, index) => `p-${index}-`.padEnd(128, 'x'));
  const { job } = await startJob({ world: manyAccounts() });
  await succeeded(job.step({ inputs: { ...SESSION, roles: names.map((name) => `${name} = audit`).join('\n') } }));
  expect([...keysIn(read(pathOf(job, 'credentials'))).keys()]).toEqual(names);
  const [post] = await job.post();
  expect(post?.lines).toEqual([naming(names.join(', '))]);
  expect(filesIn(job.home, '.aws')).toEqual([]);
}, 60_000);
