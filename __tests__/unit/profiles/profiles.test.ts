import { once } from 'node:events';
import fs, { chmodSync, existsSync, mkdirSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, jest, test } from '@jest/globals';
import { loadSharedConfigFiles } from '@smithy/core/config';
import type { ProfilePaths } from '../../../src/profiles/paths.ts';
import { prepareProfiles } from '../../../src/profiles/profiles.ts';
import { removeProfiles } from '../../../src/profiles/removal.ts';
import { describeNeeding } from '../../kit/platform.ts';
import {
  CI,
  CONFIG_ADDED,
  CONFIG_BEFORE,
  CREDENTIALS_ADDED,
  CREDENTIALS_BEFORE,
  contents,
  entries,
  failureOf,
  filledPaths,
  freshPaths,
  mode,
  named,
  REMOVED,
  unwritable,
  write,
} from './fixture.ts';

/** Keeps files open for a tenth of a second, in its own thread: the writing one doesn't wait for it. */
const READ_FOR_A_MOMENT = `
  const { closeSync, openSync } = require('node:fs');
  const { parentPort, workerData } = require('node:worker_threads');
  const files = workerData.map((path) => openSync(path, 'r'));
  parentPort.postMessage('open');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  files.forEach(closeSync);
`;

function temporaryFiles(paths: ProfilePaths): readonly string[] {
  return entries(paths).filter((name) => name.endsWith('.tmp'));
}

describe('writing', () => {
  test('shows nothing before it is committed, everything after, and leaves no other file', async () => {
    const paths = filledPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
    prepared.commit();
    expect(contents(paths.config)).toBe(CONFIG_BEFORE + CONFIG_ADDED);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE + CREDENTIALS_ADDED);
    prepared.release();
    expect(entries(paths)).toEqual(['config', 'credentials']);
  });

  test('succeeds although another process reads the files', async () => {
    const paths = filledPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    const reader = new Worker(READ_FOR_A_MOMENT, { eval: true, workerData: Object.values(paths) });
    const done = once(reader, 'exit');
    await once(reader, 'message');
    prepared.commit();
    prepared.release();
    await done;
    expect(contents(paths.config)).toBe(CONFIG_BEFORE + CONFIG_ADDED);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE + CREDENTIALS_ADDED);
  });

  test('is undone by the post step, byte for byte', async () => {
    const paths = filledPaths();
    expect(await removeProfiles(await write(paths))).toEqual(REMOVED);
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
    expect(entries(paths)).toEqual(['config', 'credentials']);
  });

  test('makes missing files and folders, and removes the files again', async () => {
    const { config } = freshPaths();
    const paths = { config, credentials: join(dirname(config), 'deep', 'er', 'credentials') };
    const written = await write(paths);
    expect(entries(paths)).toEqual(['config', 'deep']);
    expect(statSync(dirname(config)).mode & 0o777).toBe(0o700);
    await removeProfiles(written);
    expect(existsSync(config)).toBe(false);
    expect(existsSync(paths.credentials)).toBe(false);
  });

  test('writes twenty profiles at once, which the SDK reads', async () => {
    const paths = filledPaths();
    const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
    const written = await write(paths, names.map(named));
    const read = await loadSharedConfigFiles({
      filepath: paths.credentials,
      configFilepath: paths.config,
      ignoreCache: true,
    });
    expect(Object.keys(read.credentialsFile)).toEqual(['dev', ...names]);
    for (const name of names) {
      expect(read.configFile[name]).toEqual({ region: 'eu-central-1' });
      expect(read.credentialsFile[name]).toEqual({
        aws_access_key_id: 'ASIAIOSFODNN7EXAMPLE',
        aws_secret_access_key: 'wJalrXUtnFEMI/K7MDENG',
        aws_session_token: 'IQoJb3JpZ2lu==',
      });
    }
    expect(JSON.stringify(written).length).toBeLessThan(5_000);
    await removeProfiles(written);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
  });

  test('replaces a profile in both files if it may', async () => {
    const paths = filledPaths();
    const written = await write(paths, [named('dev')], 'replace');
    expect(contents(paths.config)).toBe(
      '# mine\r\n[profile dev]\r\n# Written by aws-mfa-credentials; removed when the job ends.\r\nregion = eu-central-1\r\n',
    );
    expect(contents(paths.credentials)).toBe(CREDENTIALS_ADDED.replace('[ci]', '[dev]'));
    await removeProfiles(written);
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
    expect(contents(paths.credentials)).toBe('');
  });

  test('keeps no secret and nothing of the files in the state', async () => {
    const paths = filledPaths();
    const text = JSON.stringify(await write(paths));
    for (const secret of ['ASIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI', 'IQoJb3JpZ2lu', 'AKIADEV', 'us-east-1']) {
      expect(text).not.toContain(secret);
    }
  });

  test.each([
    ['aws_access_key_id', { ...CI, credentials: { ...CI.credentials, accessKeyId: 'SECRET\n[x]' } }],
    ['aws_secret_access_key', { ...CI, credentials: { ...CI.credentials, secretAccessKey: 'SECRET\0' } }],
    ['aws_session_token', { ...CI, credentials: { ...CI.credentials, sessionToken: '' } }],
    ['region', { ...CI, region: 'SECRET # x' }],
  ])("refuses a value for %s that wouldn't read back, without showing it", async (key, profile) => {
    const paths = freshPaths();
    const failure = await failureOf(() => prepareProfiles(paths, [profile], 'refuse'));
    expect(failure).toMatchObject(unwritable({ reason: 'bad-value', name: 'ci', key }));
    expect(JSON.stringify(failure.facts)).not.toContain('SECRET');
    expect(existsSync(dirname(paths.config))).toBe(false);
  });
});

describeNeeding('file modes')('permissions', () => {
  test('let only the owner access the files, from the first moment', async () => {
    const paths = freshPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    expect(temporaryFiles(paths)).toEqual([]);
    const seen: string[] = [];
    const open = jest.spyOn(fs, 'openSync').mockImplementation((...given) => {
      const descriptor = openSync(...given);
      if (String(given[0]).endsWith('.tmp')) seen.push(`${mode(String(given[0]))} ${basename(String(given[0]))}`);
      return descriptor;
    });
    prepared.commit();
    open.mockRestore();
    prepared.release();
    expect(seen).toEqual([
      expect.stringMatching(/^600 credentials\.aws-mfa-credentials-[0-9a-f]{16}\.tmp$/),
      expect.stringMatching(/^600 config\.aws-mfa-credentials-[0-9a-f]{16}\.tmp$/),
    ]);
    expect([mode(dirname(paths.config)), mode(paths.config), mode(paths.credentials)]).toEqual(['700', '600', '600']);
  });

  test('let only the owner access the folders that are made', async () => {
    const { config } = freshPaths();
    const folder = join(dirname(config), 'deep', 'er');
    await write({ config, credentials: join(folder, 'credentials') });
    expect([mode(dirname(config)), mode(dirname(folder)), mode(folder)]).toEqual(['700', '700', '700']);
  });

  test('of a file that others could access are narrowed, and stay so', async () => {
    const paths = filledPaths();
    expect(mode(paths.config)).toBe('644');
    const written = await write(paths);
    expect(mode(paths.config)).toBe('600');
    await removeProfiles(written);
    expect(mode(paths.config)).toBe('600');
  });

  test("of a file that even its owner couldn't write are not widened", async () => {
    const paths = filledPaths();
    chmodSync(paths.config, 0o400);
    // Only root may write to such a file at all.
    if (process.getuid?.() !== 0) {
      expect((await failureOf(() => write(paths))).code).toBe('profile-unwritable');
      return;
    }
    await write(paths);
    expect(mode(paths.config)).toBe('400');
  });
});

describe('a rollback', () => {
  test('restores bytes and permissions', async () => {
    const paths = filledPaths();
    const before = mode(paths.config);
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    prepared.commit();
    prepared.rollback();
    prepared.release();
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
    expect(mode(paths.config)).toBe(before);
    expect(entries(paths)).toEqual(['config', 'credentials']);
  });

  test('restores a replaced profile', async () => {
    const paths = filledPaths();
    const prepared = await prepareProfiles(paths, [named('dev')], 'replace');
    prepared.commit();
    prepared.rollback();
    prepared.release();
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
  });

  test('removes files that were made', async () => {
    const paths = freshPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    prepared.commit();
    prepared.rollback();
    prepared.rollback();
    prepared.release();
    expect(entries(paths)).toEqual([]);
  });

  test('does nothing without a commit, and nothing is left', async () => {
    const paths = freshPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    prepared.rollback();
    prepared.release();
    prepared.release();
    expect(entries(paths)).toEqual([]);
  });

  /** Makes a call fail as the system does, after it has worked `after` times. */
  function failing(
    call: 'closeSync' | 'fsyncSync' | 'renameSync' | 'writeFileSync',
    code: string,
    after = 0,
  ): () => void {
    const real: (...given: never[]) => unknown = fs[call];
    let left = after;
    const spy = jest.spyOn(fs, call).mockImplementation((...given: readonly unknown[]) => {
      left -= 1;
      if (left >= 0 || call === 'closeSync') Reflect.apply(real, fs, given);
      if (left < 0) throw Object.assign(new Error(`${code}: it failed`), { code });
    });
    return () => spy.mockRestore();
  }

  test.each([
    ['the first file cannot be written', 'writeFileSync', 0, 'credentials'],
    ['the second file cannot be written', 'writeFileSync', 1, 'config'],
    ['the disk does not take the first file', 'fsyncSync', 0, 'credentials'],
    // Two that were only read are closed by then.
    ['the first file cannot be closed', 'closeSync', 2, 'credentials'],
    ['the second file cannot be closed', 'closeSync', 3, 'config'],
    ['the first file cannot be replaced', 'renameSync', 0, 'credentials'],
    ['the second file cannot be replaced', 'renameSync', 1, 'config'],
  ] as const)('is complete if %s, and can be repeated', async (_, call, after, file) => {
    const paths = filledPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    const restore = failing(call, 'EIO', after);
    const failure = await failureOf(() => prepared.commit());
    restore();
    expect(failure).toMatchObject(unwritable({ reason: 'system', path: paths[file], error: 'EIO: it failed' }));
    prepared.rollback();
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
    expect(temporaryFiles(paths)).toEqual([]);
    prepared.release();
    expect(entries(paths)).toEqual(['config', 'credentials']);
  });

  test('keeps what another program has written in the meantime', async () => {
    const paths = filledPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    writeFileSync(paths.config, '[profile theirs]\n');
    const failure = await failureOf(() => prepared.commit());
    expect(failure).toMatchObject({ code: 'profile-locked', facts: { reason: 'changed', path: paths.config } });
    prepared.release();
    expect(contents(paths.config)).toBe('[profile theirs]\n');
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
  });

  test('says which file it could not restore', async () => {
    const paths = filledPaths();
    const prepared = await prepareProfiles(paths, [CI], 'refuse');
    prepared.commit();
    rmSync(paths.credentials);
    mkdirSync(paths.credentials);
    const failure = await failureOf(() => prepared.rollback());
    prepared.release();
    const path = paths.credentials;
    const files = [{ path, because: { reason: 'not-a-file', path } as const }];
    expect(failure).toMatchObject(unwritable({ reason: 'not-restored', files, temporaryFiles: [] }));
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
  });
});
