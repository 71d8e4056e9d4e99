import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { removeProfiles } from '../../../src/profiles/removal.ts';
import { testNeeding } from '../../kit/platform.ts';
import {
  CI,
  CONFIG_ADDED,
  CONFIG_BEFORE,
  CREDENTIALS_BEFORE,
  contents,
  entries,
  filledPaths,
  freshPaths,
  named,
  REMOVED,
  unwritable,
  write,
} from './fixture.ts';

describe('the post step', () => {
  test('leaves what has changed since, and reports it', async () => {
    const paths = filledPaths();
    const written = await write(paths, [CI, named('two')]);
    writeFileSync(
      paths.config,
      contents(paths.config).replace('[profile ci]', '[profile ci]\r\noutput = json'),
      'latin1',
    );
    expect(await removeProfiles(written)).toEqual([{ kind: 'changed', path: paths.config, names: ['ci'] }]);
    expect(contents(paths.config)).toContain('output = json');
    expect(contents(paths.config)).not.toContain('two');
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
  });

  test('reports nothing if the profiles, the files or the folder are gone', async () => {
    const paths = filledPaths();
    const written = await write(paths);
    writeFileSync(paths.config, CONFIG_BEFORE);
    rmSync(paths.credentials);
    expect(await removeProfiles(written)).toEqual([]);
    expect(entries(paths)).toEqual(['config']);
    rmSync(dirname(paths.config), { recursive: true });
    expect(await removeProfiles(written)).toEqual([]);
    expect(existsSync(dirname(paths.config))).toBe(false);
  });

  test('keeps a file that was made for the profiles and is used by others', async () => {
    const paths = freshPaths();
    const written = await write(paths);
    writeFileSync(paths.config, '[profile theirs]\nregion = x\n', { flag: 'a' });
    expect(await removeProfiles(written)).toEqual(REMOVED);
    expect(entries(paths)).toEqual(['config']);
    expect(contents(paths.config)).toBe('[profile theirs]\nregion = x\n');
  });

  test('of a step whose profile a later one replaced finds nothing to do', async () => {
    const paths = filledPaths();
    const first = await write(paths);
    const second = await write(paths, [{ ...CI, region: 'us-east-1' }], 'replace');
    expect(await removeProfiles(second)).toEqual(REMOVED);
    expect(await removeProfiles(first)).toEqual([]);
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
  });

  test('reports a lock that stays held', async () => {
    const paths = filledPaths();
    const written = await write(paths);
    mkdirSync(`${paths.config}.lock`);
    // A lock with a time in the future doesn't grow stale during this test.
    const later = new Date(Date.now() + 3_600_000);
    utimesSync(`${paths.config}.lock`, later, later);
    const facts = { reason: 'held', path: paths.config, seconds: 10 };
    expect(await removeProfiles(written, async () => undefined)).toMatchObject([
      { kind: 'not-removed', path: paths.config, names: ['ci'], failure: { code: 'profile-locked', facts } },
    ]);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
  });

  test('reports a folder that has become something else', async () => {
    const paths = filledPaths();
    const written = await write(paths);
    rmSync(dirname(paths.config), { recursive: true });
    writeFileSync(dirname(paths.config), '');
    expect(await removeProfiles(written)).toMatchObject([
      { kind: 'not-removed', path: paths.credentials },
      { kind: 'not-removed', path: paths.config },
    ]);
    expect(readdirSync(dirname(dirname(paths.config)))).toEqual(['.aws']);
  });

  testNeeding('symbolic links')('does not follow a link that has appeared since', async () => {
    const paths = filledPaths();
    const written = await write(paths);
    const real = join(dirname(paths.config), 'real');
    writeFileSync(real, contents(paths.config), 'latin1');
    rmSync(paths.config);
    symlinkSync(real, paths.config);
    expect(await removeProfiles(written)).toMatchObject([
      {
        kind: 'not-removed',
        path: paths.config,
        names: ['ci'],
        failure: unwritable({ reason: 'link', path: paths.config }),
      },
    ]);
    expect(contents(real)).toBe(CONFIG_BEFORE + CONFIG_ADDED);
    expect(contents(paths.credentials)).toBe(CREDENTIALS_BEFORE);
  });
});
