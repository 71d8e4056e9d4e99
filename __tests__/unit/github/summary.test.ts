import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderSummary, type SummaryFacts, writeSummary } from '../../../src/github/summary.ts';
import { AUDIT, DEPLOY, ROLE_SESSION, SESSION, USER } from '../../kit/fake-ports.ts';
import { propertyRuns } from '../../kit/property-runs.ts';
import { SERIAL } from '../../kit/requests.ts';

const FACTS: SummaryFacts = {
  session: { credentials: SESSION, identity: USER, by: 'GetSessionToken', serial: SERIAL },
  roles: [],
  region: 'eu-central-1',
  report: undefined,
  variables: ['AWS_ACCESS_KEY_ID', 'AWS_REGION'],
  profile: undefined,
  outputs: false,
  sealed: false,
  renewal: [],
  maskAccount: false,
  now: Date.parse('2027-01-15T08:00:00Z'),
};

/** The value cell of a row, as Markdown. */
function cell(facts: SummaryFacts, name: string): string {
  const row = renderSummary(facts)
    .split('\n')
    .find((line) => line.startsWith(`| **${name}** | `));
  return row?.slice(`| **${name}** | `.length, -' |'.length) ?? 'missing';
}

/** What a cell of inline code shows: the string between its tags, its entities decoded. */
function shownIn(markdown: string): string {
  return markdown.replace(/<\/?code>/g, '').replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}

function asUser(arn: string): SummaryFacts {
  return { ...FACTS, session: { ...FACTS.session, identity: { account: '123456789012', arn } } };
}

describe('the summary', () => {
  test('is a table of who, how, with which device, for how long and what was exported', () => {
    expect(renderSummary(FACTS)).toBe(
      [
        '### AWS credentials with MFA',
        '',
        '| **Identity** | <code>arn:aws:iam::123456789012:user/ci</code> |',
        '| :-- | :-- |',
        '| **Account** | <code>123456789012</code> |',
        '| **Obtained with** | GetSessionToken |',
        '| **MFA device** | <code>arn:aws:iam::123456789012:mfa/ci</code> |',
        '| **Valid until** | <code>2027-01-15T09:00:00Z</code> (for 1 hour) |',
        '| **Region** | <code>eu-central-1</code> |',
        '| **Exported to later steps** | <code>AWS_ACCESS_KEY_ID</code>, <code>AWS_REGION</code> |',
        '',
        '',
      ].join('\n'),
    );
  });

  test('says what is unknown, and what was not done', () => {
    const session: SummaryFacts['session'] = {
      credentials: { ...SESSION, expiration: undefined },
      identity: USER,
      by: 'the environment',
      serial: undefined,
    };
    const facts = { ...FACTS, session, variables: [] };
    expect(cell(facts, 'Obtained with')).toBe('the session in the environment');
    expect(cell(facts, 'MFA device')).toBe('none (no code was used)');
    expect(cell(facts, 'Valid until')).toBe('unknown');
    expect(cell(facts, 'Exported to later steps')).toBe('nothing');
  });

  test('names the profile and the outputs', () => {
    expect(cell({ ...FACTS, variables: [], profile: 'ci', outputs: true }, 'Exported to later steps')).toBe(
      'profile <code>ci</code>, output <code>aws-access-key-id</code>, output <code>aws-secret-access-key</code>, output <code>aws-session-token</code>',
    );
  });

  test('counts the profiles of roles, and names the sealed session', () => {
    const places = (facts: Partial<SummaryFacts>): string =>
      cell({ ...FACTS, variables: [], ...facts }, 'Exported to later steps');
    expect(places({ roles: [DEPLOY] })).toBe('profile <code>deploy</code>');
    expect(places({ profile: 'ci', roles: [DEPLOY, AUDIT] })).toBe('profile <code>ci</code>, 2 profiles');
    expect(places({ sealed: true })).toBe('output <code>sealed-session</code>');
  });

  test('says that another job sealed the session', () => {
    const facts: SummaryFacts = { ...FACTS, session: { ...FACTS.session, by: 'a sealed session' } };
    expect(cell(facts, 'Obtained with')).toBe('a session sealed by another job');
    expect(cell(facts, 'MFA device')).toBe('<code>arn:aws:iam::123456789012:mfa/ci</code>');
  });

  test('has a second table for roles: the account, the ARN, the region and the expiry of each', () => {
    const text = renderSummary({ ...FACTS, variables: [], roles: [DEPLOY, AUDIT] });
    expect(text.split('\n').slice(9)).toEqual([
      '| **Exported to later steps** | 2 profiles |',
      '',
      '| Profile | Account | Role | Region | Valid until |',
      '| :-- | :-- | :-- | :-- | :-- |',
      '| <code>deploy</code> | <code>123456789012</code> | <code>arn:aws:sts::123456789012:assumed-role/deploy/GitHubActions</code> | <code>eu-central-1</code> | <code>2027-01-15T09:00:00Z</code> |',
      '| <code>audit</code> | <code>999999999999</code> | <code>arn:aws:sts::999999999999:assumed-role/audit/GitHubActions</code> | <code>us-east-1</code> | unknown |',
      '',
      '',
    ]);
  });

  test('names what was accessed, and the first twenty buckets', () => {
    const listed = Array.from({ length: 22 }, (_, index) => `bucket-${index}`);
    const reached = [
      { bucket: 'logs', prefix: undefined },
      { bucket: 'data', prefix: 'in/' },
    ];
    const facts = { ...FACTS, report: { listed, reached } };
    expect(cell(facts, 'Buckets listed')).toMatch(
      /^22: <code>bucket-0<\/code>, .*, <code>bucket-19<\/code> and 2 more$/,
    );
    expect(cell(facts, 'Buckets accessed')).toBe('<code>logs</code>, <code>data/in/</code>');
    expect(cell({ ...FACTS, report: { listed: [], reached: [] } }, 'Buckets listed')).toBe('0');
    expect(cell({ ...FACTS, report: { listed: [], reached: [] } }, 'Buckets accessed')).toBe('missing');
  });

  test.each([
    [20, /<code>b19<\/code>$/],
    [21, /<code>b19<\/code> and 1 more$/],
  ])('names the first twenty buckets of %i', (count, end) => {
    const listed = Array.from({ length: count }, (_, index) => `b${index}`);
    expect(cell({ ...FACTS, report: { listed, reached: [] } }, 'Buckets listed')).toMatch(end);
  });

  test('contains no key and no token', () => {
    const text = renderSummary({
      ...FACTS,
      session: { ...ROLE_SESSION, by: 'AssumeRole', serial: SERIAL },
      roles: [AUDIT],
      outputs: true,
      sealed: true,
    });
    for (const { credentials } of [ROLE_SESSION, AUDIT]) {
      for (const secret of [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken])
        expect(text).not.toContain(secret);
    }
  });
});

describe('a string from outside is shown as it is, and cannot become markup', () => {
  test.each([
    ['a bar', 'a|b', '<code>a&#124;b</code>'],
    ['a backtick', 'a`b', '<code>a&#96;b</code>'],
    ['HTML', '<img src=x>&amp;', '<code>&#60;img src=x&#62;&#38;amp;</code>'],
    ['the end of the code', '</code>**', '<code>&#60;/code&#62;&#42;&#42;</code>'],
    ['a link', '[a](b)', '<code>&#91;a&#93;(b)</code>'],
    ['emphasis', '*a* _b_ ~~c~~', '<code>&#42;a&#42; &#95;b&#95; &#126;&#126;c&#126;&#126;</code>'],
    ['emphasis by two underscores', '(__a__)', '<code>(&#95;&#95;a&#95;&#95;)</code>'],
    ['an underscore within a word', 'a_b', '<code>a_b</code>'],
    ['an escape', 'a\\b', '<code>a&#92;b</code>'],
    ['a line end', 'a\nb\r\nc', '<code>a b c</code>'],
    ['a command', '##[error]', '<code>&#35; &#35;&#91;error&#93;</code>'],
    ['what GitHub turns into links and formulas', '@octocat #1 $x$', '<code>&#64;octocat &#35;1 &#36;x&#36;</code>'],
  ])('%s', (_, prefix, markdown) => {
    const facts = { ...FACTS, report: { listed: undefined, reached: [{ bucket: 'logs', prefix }] } };
    expect(cell(facts, 'Buckets accessed')).toBe(markdown.replace('<code>', '<code>logs/'));
    expect(cell(asUser(prefix), 'Identity')).toBe(markdown);
    const role = { ...DEPLOY, identity: { account: '123456789012', arn: prefix } };
    expect(
      renderSummary({ ...FACTS, roles: [role] })
        .split('\n')[13]
        ?.split(' | ')[2],
    ).toBe(markdown);
  });

  test('whatever it is, it stays in its cell and shows its own characters', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.oneof(fc.constantFrom(...'|`<>&*_~[]()\\"\'#:!$@\n'), fc.constantFrom('a', 'é', '😀')) }),
        (text) => {
          const markdown = cell(asUser(`x${text}`), 'Identity');
          expect(markdown).toMatch(/^<code>(?:[^|`<>*~$@[\]\\"'\n]|&#\d+;)*<\/code>$/);
          expect(shownIn(markdown)).toBe(`x${text}`.replaceAll(/\n+/g, ' ').replaceAll('##[', '# #['));
          expect(renderSummary(asUser(`x${text}`)).split('\n')).toHaveLength(12);
        },
      ),
      propertyRuns(100),
    );
  });
});

test('the account is nowhere in it if it is hidden', () => {
  const facts: SummaryFacts = {
    ...FACTS,
    maskAccount: true,
    profile: 'team-123456789012',
    roles: [DEPLOY, { ...AUDIT, name: 'audit-999999999999-by-123456789012' }],
    report: {
      listed: ['logs-123456789012', 'data'],
      reached: [{ bucket: 'logs-123456789012', prefix: 'AWSLogs/123456789012/' }],
    },
  };
  expect(shownIn(cell(facts, 'Identity'))).toBe('arn:aws:iam::***:user/ci');
  expect(shownIn(cell(facts, 'Account'))).toBe('***');
  expect(shownIn(cell(facts, 'Buckets accessed'))).toBe('logs-***/AWSLogs/***/');
  expect(renderSummary(facts)).not.toContain('123456789012');
  // Nor is the account of a role.
  expect(renderSummary(facts)).not.toContain('999999999999');
  expect(shownIn(renderSummary(facts))).toContain(
    '| audit-***-by-*** | *** | arn:aws:sts::***:assumed-role/audit/GitHubActions |',
  );
});

test('it is appended to what others have written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'summary-'));
  try {
    const path = join(folder, 'summary.md');
    writeFileSync(path, '# Before\n');
    writeSummary(path, renderSummary(FACTS));
    expect(readFileSync(path, 'utf8')).toBe(`# Before\n${renderSummary(FACTS)}`);
    // A folder.
    expect(() => writeSummary(folder, renderSummary(FACTS))).toThrow("it isn't a regular file");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
