import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createKeyRing } from '../../src/aws/keys.ts';

const before = { ...process.env };
let home = '';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chain-'));
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  // Nothing of this machine: no files, no metadata of an instance.
  process.env['AWS_CONFIG_FILE'] = join(home, 'config');
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(home, 'credentials');
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
});

afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, before);
  rmSync(home, { recursive: true });
});

describe('the default chain', () => {
  test('gives the keys of the runner, masked', async () => {
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIACHAIN00000000000';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'chain-secret';
    const masked: string[] = [];
    const keys = await createKeyRing(
      {},
      (secret) => masked.push(secret),
      new AbortController().signal,
    ).fromDefaultChain();
    expect(keys).toEqual({
      accessKeyId: 'AKIACHAIN00000000000',
      secretAccessKey: 'chain-secret',
      sessionToken: undefined,
    });
    expect(masked).toEqual(['AKIACHAIN00000000000', 'chain-secret']);
  });

  test('that finds nothing is a failure with its cause', async () => {
    await expect(
      createKeyRing({}, () => undefined, new AbortController().signal).fromDefaultChain(),
    ).rejects.toMatchObject({
      code: 'keys-not-found',
      message: expect.stringMatching(
        /^No aws-access-key-id was given, and the runner has no AWS credentials of its own \(/,
      ),
      cause: expect.objectContaining({ name: 'CredentialsProviderError' }),
    });
  });
});
