import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Emulator } from '../../../lab/aws/index.ts';
import type { Job } from '../../../lab/runner/job.ts';
import type { ProfileFile } from '../../../src/profiles/sections.ts';
import { handedOver, NOTHING, operations, SESSION, startJob, succeeded } from '../../kit/action.ts';
import { annotationOf, expectFailure, naming } from '../../kit/annotation.ts';
import { arrived, interrupt } from '../../kit/interrupt.ts';
import { manyAccounts, PROD, ROLES, TWO, without } from '../../kit/many-accounts.ts';
import { testNeeding } from '../../kit/platform.ts';
import { FILES, filesIn, pathOf, read, write } from '../../kit/profile-files.ts';

const SEALING_KEY = 'ol+zW+Mg/v4L49bUXexHGWXs5etfMQ4Z/oS+p7efmrk=';

describe('all or nothing', () => {
  const FOREIGN = { config: '# mine\r\n[profile me]\r\nregion = x', credentials: '[me]\naws_access_key_id = AKIAME\n' };

  test.each([
    ['in the files of the home', {}],
    ['in files of the job', { 'profiles-location': 'temp' }],
    ['with everything else', { 'output-env-credentials': 'true', 'output-credentials': 'true', 'aws-profile': 'ci' }],
    ['with a sealed session', { 'seal-session': 'true', 'sealing-key': SEALING_KEY }],
  ])('%s: one role that is refused leaves everything as it was, and is named', async (_, given) => {
    const { job } = await startJob({ world: without(PROD) });
    for (const file of FILES) write(job, file, FOREIGN[file]);
    const result = await job.step({ inputs: { ...ROLES, summary: 'true', ...given } });
    expect(result.exitCode).toBe(1);
    expect({ ...handedOver(result), summary: '' }).toEqual(NOTHING);
    expect(result.summary).toContain('arn:aws:iam::333344445555:role/deploy');
    for (const file of FILES) expect(read(pathOf(job, file))).toBe(FOREIGN[file]);
    expect(readdirSync(join(job.home, '.aws')).toSorted()).toEqual(['config', 'credentials']);
    expect(filesIn(job.temp, 'aws-mfa-credentials')).toEqual([]);
    const facts = ['prod', PROD, 'AWS: AccessDenied: User: arn:aws:iam::111122223333:user/ci is not authorized'];
    expectFailure(annotationOf(result), 'assume-role-denied', '1 of 2', ...facts);
    const [post] = await job.post();
    expect([post?.stdout, post?.stderr, post?.exported]).toEqual(['', '', {}]);
  });

  test('three roles that are refused are all named', async () => {
    const refused = [PROD, 'arn:aws:iam::444455556666:role/audit', 'arn:aws:iam::111122223333:role/build'];
    const { emulator, job } = await startJob({ world: without(...refused) });
    const roles = `${TWO}\naudit-4 = ${refused[1]}\nbuild-1 = build\nreport-1 = report`;
    const result = await job.step({ inputs: { ...SESSION, roles } });
    expect(result.exitCode).toBe(1);
    expect(handedOver(result)).toEqual(NOTHING);
    expect(filesIn(job.home, '.aws')).toEqual([]);
    const failure = annotationOf(result);
    expectFailure(failure, 'assume-role-denied', '3 of 5', 'prod', ...refused.slice(0, 2), 'audit-4', 'build-1');
    expect(failure.message).not.toContain('staging (');
    expect(operations(emulator).filter((operation) => operation === 'AssumeRole')).toHaveLength(5);
  });

  test('the sessions of the roles that were not refused are masked all the same', async () => {
    const { emulator, job } = await startJob({ world: without(PROD) });
    const result = await job.step({ inputs: ROLES });
    const masks = result.commands.filter(({ name }) => name === 'add-mask').map(({ message }) => message);
    // The session's three and those of staging.
    expect(masks.filter((mask) => /^ASIA/.test(mask))).toHaveLength(2);
    expect(masks).toContain(emulator.calls.find(({ operation }) => operation === 'AssumeRole')?.accessKeyId);
  });

  testNeeding('signals')('a step that is cancelled between the roles leaves everything as it was', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    emulator.faults.add({ kind: 'hang', operation: 'AssumeRole' });
    const { started } = interrupt(['SIGINT'], arrived(emulator.calls, 'AssumeRole'));
    const result = await job.step({ inputs: ROLES, started });
    expect(result.exitCode).toBe(1);
    expect(handedOver(result)).toEqual(NOTHING);
    expect(filesIn(job.home, '.aws')).toEqual([]);
    expectFailure(annotationOf(result), 'cancelled', 'SIGINT');
  });

  test('a step whose deadline passes between the roles leaves everything as it was', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    emulator.faults.add({ kind: 'hang', operation: 'AssumeRole' });
    const result = await job.step({ inputs: { ...ROLES, 'action-timeout-s': '1' } });
    expect(result.exitCode).toBe(1);
    expect(handedOver(result)).toEqual(NOTHING);
    expectFailure(annotationOf(result), 'timed-out', '1 s');
  });

  test('profiles that cannot be announced are taken back', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    for (const file of FILES) write(job, file, FOREIGN[file]);
    const folder = join(job.temp, 'a-folder');
    mkdirSync(folder);
    const result = await job.step({ inputs: ROLES, env: { GITHUB_OUTPUT: folder } });
    expect(result.exitCode).toBe(1);
    expect(result.exported).toEqual({});
    for (const file of FILES) expect(read(pathOf(job, file))).toBe(FOREIGN[file]);
  });
});

describe('refused before anything is sent', () => {
  async function refusedStep(inputs: Readonly<Record<string, string>>, job: Job, emulator: Emulator) {
    const before = emulator.calls.length;
    const result = await job.step({ inputs });
    expect(result.exitCode).toBe(1);
    expect(emulator.calls.slice(before)).toEqual([]);
    expect(handedOver(result)).toEqual(NOTHING);
    return annotationOf(result);
  }

  test('is more than an hour in a line', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const failure = await refusedStep({ ...SESSION, roles: `${TWO} duration_seconds=3601` }, job, emulator);
    expectFailure(failure, 'invalid-input', 'roles', 'line 2', 'duration_seconds', '3601');
  });

  test('is more than an hour by role-duration-seconds', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const failure = await refusedStep({ ...ROLES, 'role-duration-seconds': '7200' }, job, emulator);
    expectFailure(failure, 'invalid-input', 'role-duration-seconds', '7200');
  });

  test('is everything that is wrong, reported together', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const inputs = { ...SESSION, roles: `a = deploy duration_seconds=1\nb\na-c = user:x`, 'list-buckets': 'true' };
    const { code, message } = await refusedStep(inputs, job, emulator);
    expect({ code, lines: message.split('\n') }).toEqual({
      code: 'invalid-input',
      lines: [
        naming('4'),
        naming('roles', 'line 1', 'duration_seconds'),
        naming('roles', 'line 2', '"b"'),
        naming('roles', 'line 3', 'user:x'),
        naming('list-buckets', 'roles'),
      ],
    });
  });

  test('is a role in an account that is not allowed', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const failure = await refusedStep({ ...ROLES, 'allowed-account-ids': '222233334444' }, job, emulator);
    expectFailure(failure, 'invalid-input', 'roles', PROD, '333344445555', 'allowed-account-ids');
  });

  test.each<[string, ProfileFile, string]>([
    ['in the credentials file', 'credentials', '[staging]\naws_access_key_id = AKIAMINE\n'],
    ['in the config file', 'config', '[profile staging]\nregion = eu-west-1\n'],
    ['in an odd spelling', 'config', '[ profile   staging ]  # mine\r\nregion=eu-west-1'],
  ])('is a profile that is there already %s', async (_, file, text) => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    write(job, file, text);
    const failure = await refusedStep(ROLES, job, emulator);
    expectFailure(failure, 'profile-exists', pathOf(job, file), 'staging');
    expect(read(pathOf(job, file))).toBe(text);
    expect(readdirSync(join(job.home, '.aws'))).toEqual([file]);
  });

  test('is a profile that is there already, and what to do about it is no other aws-profile: there is none', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    write(job, 'credentials', '[staging]\naws_access_key_id = AKIAMINE\n');
    const { remedy } = await refusedStep(ROLES, job, emulator);
    expect(remedy).toMatch(/\broles\b/);
    expect(remedy).toContain('overwrite-aws-profile: true');
  });

  test('are several profiles that are there already, all named', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    write(job, 'credentials', '[prod]\nx = 1\n[staging]\ny = 2\n');
    const failure = await refusedStep({ ...ROLES, 'aws-profile': 'ci' }, job, emulator);
    expectFailure(failure, 'profile-exists', pathOf(job, 'credentials'), 'staging, prod');
  });

  test('is a profile that an earlier step of the job has written into the files of the job', async () => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const inputs = { ...ROLES, 'profiles-location': 'temp' };
    await succeeded(job.step({ inputs }));
    const failure = await refusedStep(inputs, job, emulator);
    expectFailure(failure, 'profile-exists', join(job.temp, 'aws-mfa-credentials', 'credentials'), 'staging, prod');
  });
});
