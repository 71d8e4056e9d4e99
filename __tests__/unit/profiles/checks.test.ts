import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkProfiles, prepareProfiles } from '../../../src/profiles/profiles.ts';
import { describeNeeding } from '../../kit/platform.ts';
import { CI, CONFIG_BEFORE, contents, entries, failureOf, filledPaths, freshPaths, unwritable } from './fixture.ts';

describe('checking', () => {
  test('changes nothing, not even a folder', () => {
    const paths = freshPaths();
    checkProfiles(paths, ['ci', 'default'], 'refuse');
    expect(existsSync(dirname(paths.config))).toBe(false);
  });

  test('refuses a profile that a file has, and names both', async () => {
    const paths = filledPaths();
    const failure = await failureOf(() => checkProfiles(paths, ['ci', 'dev'], 'refuse'));
    expect(failure).toMatchObject({ code: 'profile-exists', facts: { path: paths.credentials, names: ['dev'] } });
  });

  test('refuses a profile that only one of the files has', async () => {
    const paths = filledPaths();
    writeFileSync(paths.credentials, '');
    const failure = await failureOf(() => checkProfiles(paths, ['dev'], 'refuse'));
    expect(failure).toMatchObject({ code: 'profile-exists', facts: { path: paths.config, names: ['dev'] } });
  });

  test('allows a profile that may be replaced', () => {
    const paths = filledPaths();
    expect(() => checkProfiles(paths, ['dev'], 'replace')).not.toThrow();
  });

  test('refuses to replace what tools read differently', async () => {
    const paths = filledPaths();
    writeFileSync(paths.config, '[a]\nx = 1\n  [profile dev]\n');
    const failure = await failureOf(() => checkProfiles(paths, ['dev'], 'replace'));
    expect(failure).toMatchObject(unwritable({ reason: 'ambiguous', path: paths.config, name: 'dev' }));
  });

  test('refuses a name that would break the file, and one that is used twice', async () => {
    const paths = freshPaths();
    expect(await failureOf(() => checkProfiles(paths, ['a]\n[b'], 'replace'))).toMatchObject(
      unwritable({ reason: 'bad-name', name: 'a]\n[b' }),
    );
    expect(await failureOf(() => checkProfiles(paths, ['a', 'b', 'a'], 'replace'))).toMatchObject(
      unwritable({ reason: 'repeated-name', name: 'a' }),
    );
  });

  test('refuses a folder in the place of a file', async () => {
    const paths = filledPaths();
    rmSync(paths.config);
    mkdirSync(paths.config);
    const failure = await failureOf(() => checkProfiles(paths, ['ci'], 'refuse'));
    expect(failure).toMatchObject(unwritable({ reason: 'not-a-file', path: paths.config }));
  });

  test('refuses a file in the place of a folder, near or far', async () => {
    const paths = freshPaths();
    writeFileSync(dirname(paths.config), '');
    const failure = await failureOf(() => checkProfiles(paths, ['ci'], 'refuse'));
    expect(failure).toMatchObject(
      unwritable({ reason: 'not-a-folder', path: paths.config, folder: dirname(paths.config) }),
    );
    const deeper = { ...paths, config: join(paths.config, 'deeper', 'config') };
    expect((await failureOf(() => checkProfiles(deeper, ['ci'], 'refuse'))).code).toBe('profile-unwritable');
  });

  test.each(['config', 'credentials'] as const)(
    'refuses a file in the place of the lock on the %s file, which nobody would ever remove',
    async (file) => {
      const paths = filledPaths();
      writeFileSync(`${paths[file]}.lock`, '');
      const failure = await failureOf(() => checkProfiles(paths, ['ci'], 'refuse'));
      expect(failure).toMatchObject({
        code: 'profile-locked',
        facts: { reason: 'not-a-lock', path: paths[file] },
      });
      expect(entries(paths)).toContain(`${file}.lock`);
    },
  );

  test('allows a lock that another step holds', () => {
    const paths = filledPaths();
    mkdirSync(`${paths.credentials}.lock`);
    checkProfiles(paths, ['ci'], 'refuse');
  });

  test('refuses one file for both', async () => {
    const { config } = filledPaths();
    const failure = await failureOf(() => checkProfiles({ config, credentials: config }, ['ci'], 'refuse'));
    expect(failure).toMatchObject(unwritable({ reason: 'both-files', path: config }));
  });
});

describeNeeding('symbolic links')('symbolic links', () => {
  test('are refused as a file, wherever they lead', async () => {
    for (const target of ['real', 'nowhere']) {
      const paths = filledPaths();
      writeFileSync(join(dirname(paths.config), 'real'), '');
      rmSync(paths.credentials);
      symlinkSync(join(dirname(paths.config), target), paths.credentials);
      const failure = await failureOf(() => prepareProfiles(paths, [CI], 'refuse'));
      expect(failure).toMatchObject(unwritable({ reason: 'link', path: paths.credentials }));
      expect(entries(paths)).toEqual(['config', 'credentials', 'real']);
    }
  });

  test('are refused as the folder of a file', async () => {
    const paths = filledPaths();
    const link = join(dirname(dirname(paths.config)), 'link');
    symlinkSync(dirname(paths.config), link, 'junction');
    const linked = { config: join(link, 'config'), credentials: join(link, 'credentials') };
    expect(await failureOf(() => prepareProfiles(linked, [CI], 'refuse'))).toMatchObject(
      unwritable({ reason: 'link', path: link }),
    );
    expect(contents(paths.config)).toBe(CONFIG_BEFORE);
  });
});
