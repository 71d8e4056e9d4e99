import { describe, expect, test } from '@jest/globals';
import { externalDataInterceptor, loadSharedConfigFiles } from '@smithy/core/config';
import fc from 'fast-check';
import { withoutProfiles } from '../../../src/profiles/restore.ts';
import { existingProfiles, type ProfileFile } from '../../../src/profiles/sections.ts';
import { type ProfileSection, withProfiles } from '../../../src/profiles/text.ts';
import { isWritableName, isWritableValue } from '../../../src/profiles/writable.ts';
import { propertyRuns } from '../../kit/property-runs.ts';

const THERE = 'existing';
const KEYS: ProfileSection = {
  name: 'ci',
  settings: [
    ['aws_access_key_id', 'ASIAIOSFODNN7EXAMPLE'],
    ['aws_secret_access_key', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY='],
    ['aws_session_token', 'IQoJb3JpZ2luX2VjEXAMPLE=='],
  ],
};
const REGION: ProfileSection = { name: 'ci', settings: [['region', 'eu-central-1']] };
const NOTE = '# Written by aws-mfa-credentials; removed when the job ends.';

function region(name: string): ProfileSection {
  return { name, settings: [['region', 'eu-central-1']] };
}

describe('the section that is written', () => {
  test('has the three keys under the name in the credentials file', () => {
    expect(withProfiles('[dev]\nregion = x\n', 'credentials', [KEYS], THERE).text).toBe(
      `[dev]\nregion = x\n\n${NOTE}\n[ci]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\n` +
        'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY=\naws_session_token = IQoJb3JpZ2luX2VjEXAMPLE==\n',
    );
  });

  test('has the region under the prefixed name in the config file; default has no prefix', () => {
    expect(withProfiles('', 'config', [REGION, region('default')], THERE).text).toBe(
      `\n${NOTE}\n[profile ci]\nregion = eu-central-1\n\n${NOTE}\n[default]\nregion = eu-central-1\n`,
    );
  });

  test.each([
    ['CRLF if the last line does', '[a]\nx = 1\r\n', '\r\n'],
    ['LF if the last line does', '[a]\r\nx = 1\n', '\n'],
    ['CRLF if the last line has no end and the one before has CRLF', '[a]\r\nx = 1', '\r\n'],
    ['LF if there is no line end at all', '[a]', '\n'],
    ['LF in a file of lone carriage returns', '[a]\rx = 1\r', '\n'],
  ])('ends its lines with %s', (_, before, lineEnd) => {
    const added = [NOTE, '[profile ci]', 'region = eu-central-1'].map((line) => line + lineEnd).join('');
    expect(withProfiles(before, 'config', [REGION], THERE).text).toBe(before + lineEnd + added);
  });

  test('says so if the action made the file', () => {
    const [, note] = withProfiles('', 'config', [REGION], 'new').text.split('\n');
    expect(note).toBe('# Written by aws-mfa-credentials; removed when the job ends, with this file.');
  });
});

describe('a profile counts as existing', () => {
  test.each([
    '[profile ci]',
    '[ci]',
    ' [ci] # mine',
    '  [profile ci]',
    '[profile "ci"]',
    "[profile 'ci']",
    '[profile   "ci" ]',
    '[ profile ci ]',
    '[profile\tci]',
    '[profile ci] # mine',
    '[profile ci] ; see [other]',
    '[profile ci]; mine',
    '[profile ci] whatever',
    '[profile c"i"]',
    '[profiles ci]',
    '[profile.ci]',
    '\xef\xbb\xbf[profile ci]',
    'x = 1\r[profile ci]',
    '[a]\r\nx = 1\r\n[profile ci]\r\n',
  ])('in the config file as %j', (text) => {
    expect(existingProfiles(text, 'config', ['ci'])).toHaveLength(1);
  });

  test.each(['[ci]', ' [ci]', '[ ci ]', '[ci] # mine', '[ci];mine', '\xef\xbb\xbf[ci]', '[a]\r[ci]'])(
    'in the credentials file as %j',
    (text) => {
      expect(existingProfiles(text, 'credentials', ['ci'])).toHaveLength(1);
    },
  );

  test.each(['[default]', '[profile default]', '[ default ]', '[profile "default"]'])(
    'in the config file as %j',
    (text) => {
      expect(existingProfiles(text, 'config', ['default'])).toHaveLength(1);
    },
  );
});

describe('a profile does not count as existing', () => {
  test.each([
    ['config', '# [profile ci]'],
    ['config', ' ; [profile ci]'],
    ['config', 'x = [profile ci]'],
    ['config', '[profile ci2]'],
    ['config', '[profile CI]'],
    ['config', '[profile ci x]'],
    ['config', '[sso-session ci]'],
    ['credentials', '[profile ci]'],
    ['credentials', '["ci"]'],
    ['credentials', '#[ci]'],
    ['credentials', 'ci'],
  ] as const)('in the %s file for %j', (file, text) => {
    expect(existingProfiles(text, file, ['ci'])).toEqual([]);
  });
});

describe('a profile that is replaced', () => {
  /** What becomes of a config file in which `ci` is replaced, and of that when the post step has run. */
  function replaced(before: string, file: ProfileFile = 'config'): readonly [string, string] {
    const { text, digests } = withProfiles(before, file, [file === 'config' ? REGION : KEYS], THERE);
    return [text, withoutProfiles(text, file, digests).text];
  }

  const OURS = `${NOTE}\nregion = eu-central-1\n`;

  test('keeps what gives no credentials in its place, and its region is restored', () => {
    const rest = [
      's3 =',
      '  max_concurrent_requests = 20',
      '# old',
      'output = json',
      '',
      '# the next one',
      '[profile dev]',
    ];
    const before = [
      '# mine',
      '[profile ci]',
      'role_arn = arn:aws:iam::111122223333:role/x',
      'region = eu-west-1',
      'Source_Profile: dev',
      'credential_process =',
      '  /bin/x --flag',
      '  --more',
      'sso_session = my',
      'SSO_account_id=1',
      'aws_account_id = 444455556666',
      ...rest,
    ].join('\n');
    expect(replaced(before)).toEqual([
      `# mine\n[profile ci]\n${OURS}${rest.join('\n')}`,
      `# mine\n[profile ci]\nregion = eu-west-1\n${rest.join('\n')}`,
    ]);
  });

  test.each([
    'aws_access_key_id',
    'aws_secret_access_key',
    'aws_session_token',
    'aws_security_token',
    'aws_account_id',
    'role_arn',
    'source_profile',
    'credential_source',
    'credential_process',
    'web_identity_token_file',
    'mfa_serial',
    'login_session',
    'sso_session',
    'sso_start_url',
    'sso_region',
    'sso_role_name',
    'AWS_ACCESS_KEY_ID',
    '  role_arn',
  ])('loses %s, which is not restored', (key) => {
    expect(replaced(`[profile ci]\noutput = json\n${key} = x\n`)).toEqual([
      `[profile ci]\n${OURS}output = json\n`,
      '[profile ci]\noutput = json\n',
    ]);
  });

  test.each(['output', 'ca_bundle', 'role_session_name', 'endpoint_url', 'services', 'retry_mode', 'cli_pager'])(
    'keeps %s',
    (key) => {
      const [during, after] = replaced(`[profile ci]\n${key} = role_arn\n`);
      expect(during).toBe(`[profile ci]\n${OURS}${key} = role_arn\n`);
      expect(after).toBe(`[profile ci]\n${key} = role_arn\n`);
    },
  );

  test('also loses its region in the credentials file, which tools prefer, and gets it back', () => {
    const keys = `${KEYS.settings.map(([key, value]) => `${key} = ${value}\n`).join('')}`;
    expect(replaced('[ci]\naws_access_key_id = AKIA\nregion = eu-west-1\noutput = json\n[b]\n', 'credentials')).toEqual(
      [`[ci]\n${NOTE}\n${keys}output = json\n[b]\n`, '[ci]\nregion = eu-west-1\noutput = json\n[b]\n'],
    );
  });

  test('is removed as a whole if it only has credentials', () => {
    expect(replaced('[ci]\naws_access_key_id = AKIA\n# old\nrole_arn = x\n\n# b\n[b]\n', 'credentials')[1]).toBe(
      '\n# b\n[b]\n',
    );
  });

  test('keeps settings under all its spellings; the last one, which tools read, is replaced', () => {
    const before =
      '[profile ci]\nrole_arn = x\noutput = json\nregion = a\n[profile dev]\n[profile "ci"] # two\nregion = b\n';
    expect(replaced(before)).toEqual([
      `[profile ci]\noutput = json\nregion = a\n[profile dev]\n[profile ci]\n${OURS}`,
      '[profile ci]\noutput = json\nregion = a\n[profile dev]\n[profile "ci"] # two\nregion = b\n',
    ]);
  });

  test.each(['[ci]', '[ profile ci ]', "[profile 'ci'] ; x", '[profile.ci]', '[profile ci] junk'])(
    'has the header that every tool reads, and then %s again',
    (header) => {
      expect(replaced(`[a]\n${header}\noutput = json\n[b]\n`)).toEqual([
        `[a]\n[profile ci]\n${OURS}output = json\n[b]\n`,
        `[a]\n${header}\noutput = json\n[b]\n`,
      ]);
    },
  );

  test('keeps a comment on its header, and its line ends', () => {
    expect(replaced('[profile ci] # mine\r\noutput = json\r\n')).toEqual([
      `[profile ci] # mine\r\n${OURS.replaceAll('\n', '\r\n')}output = json\r\n`,
      '[profile ci] # mine\r\noutput = json\r\n',
    ]);
  });

  test('by two steps is what it was once both have left', () => {
    const before = '[profile ci]\nregion = eu-west-1\nrole_arn = x\noutput = json\n';
    const one = withProfiles(before, 'config', [REGION], THERE);
    const two = withProfiles(one.text, 'config', [{ name: 'ci', settings: [['region', 'us-east-1']] }], THERE);
    expect(two.text).toBe(`[profile ci]\n${NOTE}\nregion = us-east-1\noutput = json\n`);
    const left = withoutProfiles(two.text, 'config', two.digests);
    expect(left).toMatchObject({ text: one.text, changed: [], found: ['ci'] });
    expect(withoutProfiles(left.text, 'config', one.digests)).toMatchObject({
      text: '[profile ci]\nregion = eu-west-1\noutput = json\n',
      changed: [],
    });
  });

  test('in the credentials file by two steps keeps the keys of neither', () => {
    const one = withProfiles('[ci]\noutput = json\n', 'credentials', [KEYS], THERE);
    const two = withProfiles(one.text, 'credentials', [KEYS], THERE);
    const left = withoutProfiles(two.text, 'credentials', two.digests);
    expect(left).toMatchObject({ text: '[ci]\noutput = json\n', changed: [] });
    expect(withoutProfiles(left.text, 'credentials', one.digests)).toMatchObject({ text: left.text, changed: [] });
  });

  test('is left alone if it has changed since', () => {
    const { text, digests } = withProfiles('[profile ci]\noutput = json\n', 'config', [REGION], THERE);
    const edited = text.replace('eu-central-1', 'eu-west-1');
    expect(withoutProfiles(edited, 'config', digests)).toMatchObject({ text: edited, changed: ['ci'], found: [] });
  });

  test('leaves nothing if it was one of ours', () => {
    const first = withProfiles('[a]\nx = 1', 'config', [REGION], THERE);
    const second = withProfiles(first.text, 'config', [REGION], THERE);
    expect(second.text).toBe(first.text);
    const other = withProfiles(first.text, 'config', [{ name: 'ci', settings: [['region', 'us-east-1']] }], THERE);
    expect(withoutProfiles(other.text, 'config', other.digests).text).toBe('[a]\nx = 1');
    expect(withoutProfiles(other.text, 'config', first.digests)).toMatchObject({
      text: other.text,
      changed: ['ci'],
      file: 'keep',
    });
  });

  test('keeps the byte order mark before it', () => {
    expect(withProfiles('\xef\xbb\xbf[profile ci]\nx = 1\n', 'config', [REGION], THERE).text).toBe(
      `\xef\xbb\xbf[profile ci]\n${NOTE}\nregion = eu-central-1\nx = 1\n`,
    );
  });

  test.each([
    ['its header', '[a]\nx = 1\n  [profile ci]\ny = 2\n', true],
    ['the next header', '[profile ci]\nx =\n  [b]\n', true],
    ['neither', '[profile ci]\nx =\n  y = [b]\n[c]\n', false],
  ])('is ambiguous if %s is indented', (_, text, ambiguous) => {
    expect(existingProfiles(text, 'config', ['ci'])).toEqual([{ name: 'ci', ambiguous }]);
  });
});

describe('taking a section out', () => {
  const { text, digests } = withProfiles('[a]\nx = 1\n', 'config', [REGION], THERE);

  test('is not disturbed by what others write before and after it', () => {
    const edited = `# new\n${text.replace('x = 1', 'x = 2')}\n# more\n[b]\ny = 3\n`;
    expect(withoutProfiles(edited, 'config', digests)).toMatchObject({
      text: '# new\n[a]\nx = 2\n\n# more\n[b]\ny = 3\n',
      changed: [],
      file: 'keep',
    });
  });

  test.each([
    ['a value', text.replace('eu-central-1', 'us-east-1')],
    ['the spelling of its header', text.replace('[profile ci]', '[profile "ci"]')],
    ['one more setting', `${text}output = json\n`],
    ['one more setting after a blank line', `${text}\noutput = json\n`],
    ['a line that some tools take for a part of it', `${text}  [b]\n`],
  ])('leaves it if %s has changed', (_, edited) => {
    expect(withoutProfiles(edited, 'config', digests)).toMatchObject({
      text: edited,
      changed: ['ci'],
      file: 'keep',
    });
  });

  test('reports nothing if it is gone', () => {
    expect(withoutProfiles('[a]\n', 'config', digests)).toMatchObject({
      text: '[a]\n',
      changed: [],
      file: 'keep',
    });
  });

  test('removes only the section if its comment was rewritten', () => {
    const edited = text.replace(NOTE, '# my own words');
    expect(withoutProfiles(edited, 'config', digests).text).toBe('[a]\nx = 1\n\n# my own words\n');
  });

  test('keeps a last line without an end apart from what was added after it', () => {
    const written = withProfiles('[a]\nx = 1', 'config', [REGION], THERE);
    expect(withoutProfiles(`${written.text}[b]\ny = 2\n`, 'config', written.digests).text).toBe(
      '[a]\nx = 1\n[b]\ny = 2\n',
    );
  });

  test('reports that a file made by the action can be removed, whoever leaves last', () => {
    const first = withProfiles('', 'config', [region('one')], 'new');
    const second = withProfiles(first.text, 'config', [region('two')], THERE);
    const rest = withoutProfiles(second.text, 'config', first.digests);
    expect(rest.file).toBe('keep');
    expect(withoutProfiles(rest.text, 'config', second.digests)).toMatchObject({
      text: '',
      changed: [],
      file: 'remove',
    });
  });

  test('keeps an empty file that was there before', () => {
    const written = withProfiles('', 'config', [REGION], THERE);
    expect(withoutProfiles(written.text, 'config', written.digests)).toMatchObject({
      text: '',
      changed: [],
      file: 'keep',
    });
  });

  test('keeps a file that the action made and others have written to', () => {
    const written = withProfiles('', 'config', [REGION], 'new');
    expect(withoutProfiles(`${written.text}[b]\n`, 'config', written.digests)).toMatchObject({
      text: '[b]\n',
      changed: [],
      file: 'keep',
    });
  });
});

describe('names and values', () => {
  test.each(['default', 'ci', 'team.prod-1_x', 'a+b@c%d:e'])('the name %j can be written', (name) => {
    expect(isWritableName(name)).toBe(true);
  });

  test.each(['', 'a b', 'a]', '[a', 'a\nb', 'a\0', '"a"', "it's", 'a\\b', 'a#b', 'a/b', 'é', 'DEFAULT', '__proto__'])(
    'the name %j cannot be written',
    (name) => {
      expect(isWritableName(name)).toBe(false);
    },
  );

  test.each(['', 'a b', 'a\nb', 'a\r', '\0', 'a\tb', '\x7f', 'é', '#a', ';a', '\u2028'])(
    'the value %j cannot be written',
    (value) => {
      expect(isWritableValue(value)).toBe(false);
    },
  );

  test.each(['eu-central-1', 'a/b+c==', '=a', 'a#b', '"a"', '%(x)s'])('the value %j can be written', (value) => {
    expect(isWritableValue(value)).toBe(true);
  });
});

describe('for any file', () => {
  const file = fc.constantFrom<ProfileFile>('config', 'credentials');
  const lineEnd = fc.constantFrom('\n', '\r\n', '\n', '\r\n', '\r');
  const randomBytes = fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
  const line = fc.oneof(
    fc.constantFrom(
      '[dev]',
      '[profile dev]',
      '[ profile  "other" ]',
      '  [indented]',
      '[default]',
      '[dev] # twice',
      '[]',
      '[',
    ),
    fc.constantFrom(
      'region = x',
      's3 =',
      '  max = 1',
      'x=1',
      ' = ',
      '=',
      'output : json',
      'junk',
      '\tjunk',
      '\xff\xfe',
    ),
    fc.constantFrom('', ' ', '# comment', '  ; comment', '#', NOTE.slice(0, -1)),
    randomBytes,
  );
  const foreign = fc
    .tuple(fc.constantFrom('', '\xef\xbb\xbf'), fc.array(fc.tuple(line, lineEnd)), fc.oneof(fc.constant(''), line))
    .map(([mark, lines, last]) => mark + lines.map(([text, end]) => text + end).join('') + last);
  const runs = propertyRuns(200);

  /** What the SDK for JavaScript reads, without a file on disk. */
  async function readBySdk(kind: ProfileFile, text: string) {
    externalDataInterceptor.interceptFile('/written', Buffer.from(text, 'latin1').toString('utf8'));
    externalDataInterceptor.interceptFile('/empty', '');
    const read = await loadSharedConfigFiles({
      filepath: kind === 'credentials' ? '/written' : '/empty',
      configFilepath: kind === 'config' ? '/written' : '/empty',
    });
    return kind === 'credentials' ? read.credentialsFile['ci'] : read.configFile['ci'];
  }

  test('the SDK reads what was written, and removing it leaves the same bytes', async () => {
    const property = fc.asyncProperty(foreign, async (before) => {
      fc.pre(existingProfiles(before, 'config', ['ci']).length === 0);
      const written = withProfiles(before, 'config', [REGION], THERE);
      expect(written.text.startsWith(before)).toBe(true);
      expect(await readBySdk('config', written.text)).toEqual({ region: 'eu-central-1' });
      expect(withoutProfiles(written.text, 'config', written.digests).text).toBe(before);
    });
    await fc.assert(property, runs);
  });

  test('the same holds for credentials', async () => {
    const property = fc.asyncProperty(foreign, async (before) => {
      fc.pre(existingProfiles(before, 'credentials', ['ci']).length === 0);
      const written = withProfiles(before, 'credentials', [KEYS], THERE);
      expect(written.text.startsWith(before)).toBe(true);
      expect(await readBySdk('credentials', written.text)).toEqual({
        aws_access_key_id: 'ASIAIOSFODNN7EXAMPLE',
        aws_secret_access_key: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY=',
        aws_session_token: 'IQoJb3JpZ2luX2VjEXAMPLE==',
      });
      expect(withoutProfiles(written.text, 'credentials', written.digests).text).toBe(before);
    });
    await fc.assert(property, runs);
  });

  test('many writers leave the same bytes, in any order', () => {
    const order = fc.shuffledSubarray(['one', 'two', 'three', 'four'], { minLength: 4 });
    const property = fc.property(file, foreign, order, (kind, before, leaving) => {
      let text = before;
      const digests = new Map<string, readonly { name: string; sha256: string }[]>();
      for (const name of ['one', 'two', 'three', 'four']) {
        const written = withProfiles(text, kind, [region(name)], THERE);
        text = written.text;
        digests.set(name, written.digests);
      }
      for (const name of leaving) text = withoutProfiles(text, kind, digests.get(name) ?? []).text;
      expect(text).toBe(before);
    });
    fc.assert(property, runs);
  });

  test('a profile that is replaced loses only what gives credentials', () => {
    const header = fc.constantFrom('[profile ci]', '[profile "ci"] # x', '[ profile ci ]', '[ci]');
    const own = fc.constantFrom('', 'output = json\n', 'region = x\ns3 =\n  a = b\n');
    const property = fc.property(foreign, header, own, foreign, (before, spelling, kept, behind) => {
      const around = (section: string) => `${before}\n${section}[profile next]\n${behind}`;
      const text = around(`${spelling}\nrole_arn = y\n${kept}`);
      fc.pre(existingProfiles(`${before}\n${behind}`, 'config', ['ci']).length === 0);
      fc.pre(!existingProfiles(text, 'config', ['ci']).some(({ ambiguous }) => ambiguous));
      const written = withProfiles(text, 'config', [REGION], THERE);
      expect(written.text.match(/^\[profile ci\]$/gm)).toHaveLength(1);
      expect(withoutProfiles(written.text, 'config', written.digests).text).toBe(
        around(kept === '' ? '' : `${spelling}\n${kept}`),
      );
    });
    fc.assert(property, runs);
  });

  test('two hundred profiles cost little more than one: the text is read once for all of them', () => {
    const before = Array.from(
      { length: 5000 },
      (_, index) => `[profile p-${index}]\nregion = x\n# ${'x'.repeat(180)}\n`,
    ).join('');
    const names = Array.from({ length: 200 }, (_, index) => `p-${index * 20}`);
    const time = (profiles: readonly ProfileSection[]): number => {
      const started = performance.now();
      const written = withProfiles(before, 'config', profiles, THERE);
      expect(withoutProfiles(written.text, 'config', written.digests).text).toBe(before);
      return performance.now() - started;
    };
    time([region('p-0')]);
    const one = Math.min(time([region('p-1')]), time([region('p-2')]), time([region('p-3')]));
    const many = Math.min(time(names.map(region)), time(names.map(region)));
    expect(many / one).toBeLessThan(5);
  });

  test('what others add after it stays as they wrote it', () => {
    const property = fc.property(file, foreign, foreign, (kind, before, added) => {
      fc.pre(existingProfiles(`${before}\n[x]\n${added}`, kind, ['ci']).length === 0);
      const written = withProfiles(before, kind, [region('ci')], THERE);
      const { text, changed } = withoutProfiles(`${written.text}[x]\n${added}`, kind, written.digests);
      const needsLineEnd = /[^\r\n]$/.test(before) && before !== '\xef\xbb\xbf';
      expect(changed).toEqual([]);
      if (needsLineEnd) expect(text.replace(/\r?\n\[x\]/, '[x]')).toBe(`${before}[x]\n${added}`);
      else expect(text.endsWith(`[x]\n${added}`)).toBe(true);
    });
    fc.assert(property, runs);
  });
});
