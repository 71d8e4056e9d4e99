import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { startJob, succeeded } from '../../kit/action.ts';
import { naming } from '../../kit/annotation.ts';
import { manyAccounts, ROLES } from '../../kit/many-accounts.ts';
import { FILES, keysIn, pathOf, read, write } from '../../kit/profile-files.ts';

describe('the files of others', () => {
  const CONTENTS: readonly (readonly [what: string, config: string, credentials: string])[] = [
    [
      'with other profiles',
      '[default]\nregion = x\n\n[profile me]\nregion = y\n',
      '[me]\naws_access_key_id = AKIAME\n',
    ],
    [
      'with comments',
      '# mine\n[profile me] ; about me\n; more\nregion = y # why\n\n# the end\n',
      '; mine\n[me]\n# key\naws_access_key_id = AKIAME\n# the end',
    ],
    ['with Windows line ends', '[profile me]\r\nregion = y\r\n', '[me]\r\naws_access_key_id = AKIAME\r\n\r\n'],
    [
      'with both line ends',
      '[profile me]\r\nregion = y\n[profile it]\nregion = z\r\n',
      '[me]\nx = 1\r\n[it]\r\ny = 2\n',
    ],
    ['without a last line end', '[profile me]\nregion = y', '[me]\r\naws_access_key_id = AKIAME'],
    [
      'with odd spacing',
      '\n\n\n[ profile   me ]\n   region=y\n\t\n  s3 =\n    max_queue_size = 1\n   ',
      '   \n[me]   \naws_access_key_id=AKIAME\t\n\n\n\n',
    ],
    [
      'with other sections',
      '[sso-session s]\nsso_region = x\n[services t]\ns3 =\n  endpoint_url = http://x\n',
      '[a.b]\nz\n',
    ],
    [
      'with names that begin alike',
      '[profile staging2]\nregion = y\n[profile prod-eu]\nregion = z\n',
      '[staging2]\nx = 1\n',
    ],
    ['that are not in UTF-8', '# \xe9\xff\n[profile me]\nregion = y\n', '\xff\xfe[me]\nx = \xe9'],
    ['that are empty', '', ''],
  ];

  test.each(CONTENTS)('%s are byte for byte as they were after the post step', async (_, config, credentials) => {
    const { emulator, job } = await startJob({ world: manyAccounts() });
    const before = { config, credentials };
    for (const file of FILES) write(job, file, before[file]);
    await succeeded(job.step({ inputs: { ...ROLES, 'aws-profile': 'ci' } }));
    for (const file of FILES) expect(read(pathOf(job, file)).startsWith(before[file])).toBe(true);
    expect(keysIn(read(pathOf(job, 'credentials')).replaceAll('\r\n', '\n')).size).toBe(3);
    expect(emulator.calls.filter(({ params }) => 'TokenCode' in params)).toHaveLength(1);
    const [post] = await job.post();
    expect(post?.lines).toEqual([naming('ci, staging, prod')]);
    for (const file of FILES) expect(read(pathOf(job, file))).toBe(before[file]);
    expect(readdirSync(join(job.home, '.aws')).toSorted()).toEqual(['config', 'credentials']);
  });

  test('keep what was written into them meanwhile, before and behind ours', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    write(job, 'config', '[profile me]\nregion = y');
    await succeeded(job.step({ inputs: ROLES }));
    writeFileSync(pathOf(job, 'config'), `# first\n${read(pathOf(job, 'config'))}[profile it]\nregion = z\n`, 'latin1');
    await job.post();
    expect(read(pathOf(job, 'config'))).toBe('# first\n[profile me]\nregion = y\n[profile it]\nregion = z\n');
  });

  test('keep one profile that somebody has changed since, and lose the others', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    await succeeded(job.step({ inputs: ROLES }));
    const config = pathOf(job, 'config');
    writeFileSync(config, read(config).replace('region = eu-west-1', 'region = eu-west-2'), 'latin1');
    const [post] = await job.post();
    expect(post?.exitCode).toBe(0);
    expect(post?.lines).toEqual([naming('Warning: ', config, 'prod')]);
    expect(read(config)).toContain('[profile prod]\nregion = eu-west-2\n');
    expect(read(config)).not.toContain('staging');
    expect(existsSync(pathOf(job, 'credentials'))).toBe(false);
  });

  test('lose profiles of the same names with overwrite-aws-profile', async () => {
    const { job } = await startJob({ world: manyAccounts() });
    write(
      job,
      'config',
      '[profile a]\nx = 1\n[profile prod]\nrole_arn = arn:aws:iam::111122223333:role/old\n[profile b]\ny = 2\n',
    );
    await succeeded(job.step({ inputs: { ...ROLES, 'overwrite-aws-profile': 'true' } }));
    expect(read(pathOf(job, 'config')).match(/^[^#\n].*$/gm)).toEqual([
      '[profile a]',
      'x = 1',
      '[profile b]',
      'y = 2',
      '[profile staging]',
      'region = us-east-1',
      '[profile prod]',
      'region = eu-west-1',
    ]);
  });
});
