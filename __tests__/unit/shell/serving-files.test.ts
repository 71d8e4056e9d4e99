import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ServingFiles, servingFiles } from '../../../src/shell/serving-files.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'serving-files-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const KEYS = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n';

/** What replaces files of the user's with these texts. */
function replacing(texts: { readonly config?: string; readonly credentials?: string }): ServingFiles | undefined {
  for (const [file, text] of Object.entries(texts)) writeFileSync(join(folder, file), text);
  return servingFiles(pointingAt('config', 'credentials'), join(folder, 'ours'));
}

function pointingAt(config: string, credentials: string) {
  return { AWS_CONFIG_FILE: join(folder, config), AWS_SHARED_CREDENTIALS_FILE: join(folder, credentials) };
}

test.each([
  ['there are none', {}],
  ['the default profile has only settings', { config: '[default]\nregion = eu-central-1\n' }],
  ['only other profiles give credentials', { credentials: `[prod]\n${KEYS}`, config: '[default]\nregion = x\n' }],
])('the files of the user are used if %s', (_, texts) => {
  expect(replacing(texts)).toBeUndefined();
});

test('they are used if they are turned off', () => {
  expect(
    servingFiles({ AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }, folder),
  ).toBeUndefined();
});

test.each([
  ['keys', `[default]\n${KEYS}`],
  ['a process', '[default]\ncredential_process = get-keys\n'],
  ['a role', '[default]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = base\n'],
  ['a sign-in', '[default]\nsso_session = corp\n'],
  ['keys in another spelling of the profile', `[profile default]\n${KEYS}`],
  ['keys that some SDKs take for those of another profile', `[default]\nregion = x\n  [other]\n${KEYS}`],
])('they are replaced by files without credentials if the default profile gives %s', (_, config) => {
  const files = replacing({ config });
  expect(files).toMatchObject({
    paths: { config: join(folder, 'ours', 'config'), credentials: join(folder, 'ours', 'credentials') },
    replaced: [join(folder, 'config')],
    unreadable: [],
  });
  expect(files?.texts.config).not.toMatch(/secret|get-keys|arn:|corp/);
  expect(files?.texts.credentials).toBe('');
});

test('settings stay, comments go, and profiles that give credentials in either file are left out', () => {
  const files = replacing({
    config: [
      '# mine',
      '[default]',
      'region = eu-central-1',
      'cli_pager = é',
      '[profile prod]',
      'region = us-east-1',
      '[profile role]',
      'role_arn = arn:aws:iam::123456789012:role/x',
      'source_profile = prod',
      '[profile settings]',
      'region = us-west-2',
      '[sso-session corp]',
      'sso_start_url = https://corp.example',
      '[services local]',
      's3 =',
      '  endpoint_url = http://localhost:9000',
      '',
    ].join('\n'),
    credentials: `[default]\n${KEYS}[prod]\n${KEYS}`,
  });
  expect(
    Buffer.from(files?.texts.config ?? '', 'latin1')
      .toString('utf8')
      .split('\n'),
  ).toEqual([
    '[default]',
    'region = eu-central-1',
    'cli_pager = é',
    '[profile settings]',
    'region = us-west-2',
    '[services local]',
    's3 =',
    '  endpoint_url = http://localhost:9000',
    '',
  ]);
  expect(files?.texts.credentials).toBe('[default]\n');
  expect(files?.replaced).toEqual([join(folder, 'config'), join(folder, 'credentials')]);
});

test('a file that cannot be read is replaced: an SDK may be able to', () => {
  mkdirSync(join(folder, 'a-folder'));
  writeFileSync(join(folder, 'config'), '[default]\nregion = eu-central-1\n');
  expect(servingFiles(pointingAt('config', 'a-folder'), join(folder, 'ours'))).toEqual({
    paths: { config: join(folder, 'ours', 'config'), credentials: join(folder, 'ours', 'credentials') },
    texts: { config: '[default]\nregion = eu-central-1\n', credentials: '' },
    replaced: [join(folder, 'config'), join(folder, 'a-folder')],
    unreadable: [{ path: join(folder, 'a-folder'), error: "it isn't a regular file" }],
  });
});
