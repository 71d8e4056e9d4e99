import { describe, expect, test } from '@jest/globals';
import { withoutProfiles } from '../../../src/profiles/restore.ts';
import { withProfiles } from '../../../src/profiles/text.ts';

const NOTE = '# Written by aws-mfa-credentials; removed when the job ends.';
const ROLE = {
  name: 'deploy',
  settings: [
    ['region', 'eu-central-1'],
    ['role_arn', 'arn:aws:iam::111122223333:role/deploy'],
    ['source_profile', 'own'],
  ],
} as const;

/** What the post step leaves of a text that it empties. */
function emptied(text: string) {
  const { text: left, ...rest } = withoutProfiles(text, 'config', [
    { name: 'deploy', sha256: '0'.repeat(64), emptied: true },
  ]);
  return { left, ...rest };
}

describe('a profile of a role', () => {
  test('has no terms of the one that it replaces', () => {
    const { text } = withProfiles('[profile deploy]\nexternal_id = old\noutput = json\n', 'config', [ROLE], 'existing');
    expect(text).not.toContain('external_id');
    expect(text).toContain('output = json');
  });
});

describe('a profile that stays without credentials', () => {
  test.each(['\n', '\r\n'])('has its header and its region (line ends %j)', (lineEnd) => {
    const before = ['[default]', 'output = json', ''].join(lineEnd);
    const { text } = withProfiles(before, 'config', [ROLE], 'existing');
    expect(emptied(text)).toEqual({
      left: [before, '[profile deploy]', 'region = eu-central-1', ''].join(lineEnd),
      changed: [],
      found: ['deploy'],
      file: 'keep',
    });
  });

  test.each([
    ['settings of others stay', 'role_arn = x\noutput = json\n', 'output = json\n'],
    ['what others made of it goes', 'credential_process =\n  get\naws_access_key_id = x\n', ''],
    [
      'comments of the action go, also within a value',
      `aws_session_token =\n${NOTE}\n  x\noutput = json\n`,
      'output = json\n',
    ],
    ['a second section counts', 'role_arn = x\n[deploy]\nrole_arn = x\n', '[deploy]\n'],
    ['an indented header counts', 'role_arn = x\n [deploy]\nrole_arn = x\n', ' [deploy]\n'],
    ['it has nothing already', 'output = json\n', 'output = json\n'],
  ])('whatever has become of it: %s', (_, body, left) => {
    const other = '[profile other]\nrole_arn = y\n';
    const head = `${other}[profile deploy]\n`;
    expect(emptied(head + body)).toEqual({
      left: head + left,
      changed: [],
      found: left === body ? [] : ['deploy'],
      file: 'keep',
    });
  });

  test('is not mentioned if it is gone', () => {
    expect(emptied('[profile other]\n')).toMatchObject({ left: '[profile other]\n', changed: [], found: [] });
  });
});
