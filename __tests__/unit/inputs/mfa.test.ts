import { describe, expect, test } from '@jest/globals';
import { readMfaSource } from '../../../src/inputs/mfa.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { ProblemList } from '../../../src/inputs/problem.ts';
import { listed, rawInputs } from '../../kit/raw-inputs.ts';

const SERIAL = 'arn:aws:iam::123456789012:mfa/ci';
const OTHER_SERIAL = 'arn:aws:iam::123456789012:mfa/ci-2';
const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const BYTES = Buffer.from('12345678901234567890');

async function read(given: Partial<RawInputs>) {
  const problems = new ProblemList();
  return { mfa: await readMfaSource(rawInputs(given), problems), problems: listed(problems.found) };
}

/** A pool of `count` devices. */
function pool(count: number): string {
  return Array.from({ length: count }, (_, index) => `arn:aws:iam::123456789012:mfa/ci-${index} ${SEED}`).join('\n');
}

describe('a seed', () => {
  test('with its serial is one device', async () => {
    const { mfa, problems } = await read({ 'mfa-serial': SERIAL, 'mfa-seed': SEED });
    expect(problems).toEqual([]);
    expect(mfa).toMatchObject({
      kind: 'devices',
      devices: [{ serial: { text: SERIAL, account: '123456789012' } }],
      slot: undefined,
      maxWaitSeconds: 240,
    });
    expect(mfa?.kind === 'devices' && Buffer.from(mfa.devices[0].seed.bytes).equals(BYTES)).toBe(true);
  });

  test('without its serial belongs to a device that must still be found', async () => {
    expect((await read({ 'mfa-seed': SEED, 'mfa-max-wait-seconds': '30' })).mfa).toMatchObject({
      kind: 'seed',
      slot: undefined,
      maxWaitSeconds: 30,
    });
  });

  test.each<[string, Partial<RawInputs>, readonly unknown[]]>([
    ['a code', { 'mfa-seed': '123456' }, [['mfa-seed', 'seed', { reason: 'code' }]]],
    [
      'wrong, and so is its serial',
      { 'mfa-serial': 'x', 'mfa-seed': 'GEZD1' },
      [
        ['mfa-serial', 'serial', { reason: 'characters' }],
        ['mfa-seed', 'seed', { reason: 'not-base32', position: 5 }],
      ],
    ],
    ['missing', { 'mfa-serial': SERIAL }, [['mfa-seed', 'no-code', {}]]],
    [
      'missing, and its serial is wrong',
      { 'mfa-serial': 'arn:aws:iam::123456789012:user/ci' },
      [
        ['mfa-serial', 'serial', { reason: 'user-arn' }],
        ['mfa-seed', 'no-code', {}],
      ],
    ],
  ])('is refused if it is %s', async (_, given, problems) => {
    expect(await read(given)).toEqual({ mfa: undefined, problems });
  });
});

test.each<[string, Partial<RawInputs>, string, readonly string[]]>([
  ['a seed and a code', { 'mfa-seed': SEED, 'mfa-code': '123456' }, 'mfa-seed', ['mfa-code']],
  ['a seed and a pool', { 'mfa-seed': SEED, 'mfa-devices': pool(1) }, 'mfa-seed', ['mfa-devices']],
  ['a code and a pool', { 'mfa-code': '123456', 'mfa-devices': pool(1) }, 'mfa-code', ['mfa-devices']],
  [
    'all three',
    { 'mfa-seed': SEED, 'mfa-code': '123456', 'mfa-devices': pool(1) },
    'mfa-seed',
    ['mfa-code', 'mfa-devices'],
  ],
])('only one of seed, code and pool is given, not %s', async (_, given, input, others) => {
  expect(await read(given)).toEqual({
    mfa: undefined,
    problems: [[input, 'one-of', { others, all: ['mfa-seed', 'mfa-code', 'mfa-devices'] }]],
  });
});

describe('one code', () => {
  test('may have a serial', async () => {
    expect((await read({ 'mfa-serial': SERIAL, 'mfa-code': '012345' })).mfa).toMatchObject({
      kind: 'code',
      serial: { text: SERIAL },
      code: '012345',
    });
  });

  test.each(['012345', '012 345', '012-345', '012\u00a0345', '012\t345'])(
    'may be written in two groups: %j',
    async (text) => {
      expect((await read({ 'mfa-code': text })).mfa).toEqual({ kind: 'code', serial: undefined, code: '012345' });
    },
  );

  test.each(['12345', '1234567', '12 3456', '123  456', '123_456', '12345a', '１２３４５６', '-12345'])(
    'has six digits: %s is refused',
    async (code) => {
      expect(await read({ 'mfa-serial': SERIAL, 'mfa-code': code })).toEqual({
        mfa: undefined,
        problems: [['mfa-code', 'code', {}]],
      });
    },
  );

  test("can't be shared among jobs", async () => {
    expect((await read({ 'mfa-code': '012345', 'mfa-slot': '0/2' })).problems).toEqual([
      ['mfa-slot', 'conflict', { with: 'mfa-code' }],
    ]);
  });
});

describe('a pool of devices', () => {
  test.each([
    [
      'one "serial seed" per line',
      `\n  ${SERIAL} ${SEED}\r\n${OTHER_SERIAL}\tgezd gnbv gy3t qojq gezd gnbv gy3t qojq\n\nGAHT12345678 otpauth://totp/My Label?secret=${SEED}\n`,
    ],
    [
      'comments on separate lines and at the end of lines',
      `# ours\n${SERIAL} ${SEED} # the first\n  #${OTHER_SERIAL} ${SEED}\n${OTHER_SERIAL} gezd gnbv gy3t qojq gezd gnbv gy3t qojq\t#second\nGAHT12345678 otpauth://totp/My #1 Label?secret=${SEED} # third\n`,
    ],
    [
      'serials and seeds with a colon between them: GitLab masks no value with a space',
      `${SERIAL}:${SEED}\n${OTHER_SERIAL}:${SEED.toLowerCase()} # second\nGAHT12345678:${Buffer.from(SEED).toString('base64')}`,
    ],
  ])('has %s', async (_, text) => {
    const { mfa, problems } = await read({ 'mfa-devices': text });
    expect(problems).toEqual([]);
    const devices = mfa?.kind === 'devices' ? mfa.devices : [];
    expect(devices.map(({ serial }) => serial.text)).toEqual([SERIAL, OTHER_SERIAL, 'GAHT12345678']);
    expect(devices.every(({ seed }) => BYTES.equals(Buffer.from(seed.bytes)))).toBe(true);
  });

  test('may have eight devices', async () => {
    expect((await read({ 'mfa-devices': pool(8) })).problems).toEqual([]);
  });

  const LINE_2 = { line: 2 };
  const SEED_FIRST = ['mfa-devices', 'device', { reason: 'seed-first' }, LINE_2];

  test.each<[string, string, readonly unknown[]]>([
    ['has nine devices', pool(9), [['mfa-devices', 'too-many', { count: 9, max: 8 }]]],
    [
      'has a device twice',
      `${SERIAL} ${SEED}\n${SERIAL} ${SEED}`,
      [['mfa-devices', 'device', { reason: 'twice' }, LINE_2]],
    ],
    ['is blank', '\n \n', [['mfa-devices', 'list-empty', {}]]],
    ['has only comments', `# ${SERIAL} ${SEED}`, [['mfa-devices', 'list-empty', {}]]],
    [
      'has several lines that are wrong',
      `${SERIAL}\n\narn:aws:iam::123456789012:user/ci ${SEED}\n${OTHER_SERIAL} GEZD1`,
      [
        ['mfa-devices', 'device', { reason: 'no-seed' }, { line: 1 }],
        ['mfa-devices', 'serial', { reason: 'user-arn' }, { line: 3, part: 'serial' }],
        ['mfa-devices', 'seed', { reason: 'not-base32', position: 5 }, { line: 4, part: 'seed' }],
      ],
    ],
    [
      'has one line that is wrong',
      `${SERIAL} ${SEED}\n${OTHER_SERIAL} GEZD1`,
      [['mfa-devices', 'seed', { reason: 'not-base32', position: 5 }, { ...LINE_2, part: 'seed' }]],
    ],
    [
      'has a comment without whitespace before it',
      `${SERIAL} ${SEED}#1`,
      [['mfa-devices', 'seed', { reason: 'not-base32', position: 33 }, { line: 1, part: 'seed' }]],
    ],
    [
      'has a damaged seed after the serial and a colon',
      `${SERIAL}:${SEED}1`,
      [['mfa-devices', 'seed', { reason: 'not-base32', position: 33 }, { line: 1, part: 'seed' }]],
    ],
    [
      'has nothing after the serial and a colon',
      `${SERIAL}:`,
      [['mfa-devices', 'device', { reason: 'no-seed' }, { line: 1 }]],
    ],
    [
      'has the ARN of a user before a colon',
      `arn:aws:iam::123456789012:user/ci:${SEED}`,
      [['mfa-devices', 'device', { reason: 'no-seed' }, { line: 1 }]],
    ],
    [
      'has the seed before the serial and a colon',
      `${SEED}:${SERIAL}`,
      [['mfa-devices', 'device', { reason: 'no-seed' }, { line: 1 }]],
    ],
    ['has the seed before the serial', `\n${SEED} ${SERIAL}`, [SEED_FIRST]],
    ['has the seed before the serial, and a comment', `\n${SEED} ${SERIAL} # the first one`, [SEED_FIRST]],
    ['has a seed in groups before the serial', `\ngezd gnbv gy3t qojq gezd gnbv gy3t qojq ${SERIAL}`, [SEED_FIRST]],
    ['has a seed in a URI before the serial', `\notpauth://totp/x?secret=${SEED} ${SERIAL} # one`, [SEED_FIRST]],
    ['has a damaged seed before the serial', `\n${SEED.slice(0, 27)} ${SERIAL}`, [SEED_FIRST]],
    ['has a seed before the number of a hardware token', `\n${SEED} GAHT12345678`, [SEED_FIRST]],
  ])('is refused if it %s', async (_, text, problems) => {
    expect((await read({ 'mfa-devices': text })).problems).toEqual(problems);
  });

  test('has its own serials', async () => {
    expect((await read({ 'mfa-devices': `${SERIAL} ${SEED}`, 'mfa-serial': SERIAL })).problems).toEqual([
      ['mfa-serial', 'conflict', { with: 'mfa-devices' }],
    ]);
  });
});

describe('a slot', () => {
  test.each([
    ['0/1', 0, 1],
    ['4/5', 4, 5],
    ['255/256', 255, 256],
    ['1 / 3', 1, 3],
    ['00/01', 0, 1],
  ])('%s is job %i of %i', async (text, index, total) => {
    for (const given of [{ 'mfa-serial': SERIAL, 'mfa-seed': SEED }, { 'mfa-seed': SEED }]) {
      const { mfa, problems } = await read({ ...given, 'mfa-slot': text });
      expect(problems).toEqual([]);
      expect(mfa).toMatchObject({ slot: { index, total } });
    }
  });

  test.each(['5/5', '1/0', '0/0', '0/257', '-1/5', '1', '/', '1/', '1/2/3', 'a/b', '1.0/2', '1\\2', '/5', '0000/1'])(
    'is not %s',
    async (value) => {
      expect((await read({ 'mfa-serial': SERIAL, 'mfa-seed': SEED, 'mfa-slot': value })).problems).toEqual([
        ['mfa-slot', 'slot', { value, max: 256 }],
      ]);
    },
  );
});

describe('the longest wait', () => {
  test.each([
    ['0', 0],
    ['86400', 86_400],
  ])('may be %s s', async (text, maxWaitSeconds) => {
    expect((await read({ 'mfa-seed': SEED, 'mfa-max-wait-seconds': text })).mfa).toMatchObject({ maxWaitSeconds });
  });

  test.each(['86401', '-1', 'forever'])('may not be %s', async (value) => {
    expect(await read({ 'mfa-seed': SEED, 'mfa-max-wait-seconds': value })).toEqual({
      mfa: undefined,
      problems: [['mfa-max-wait-seconds', 'not-integer', { value, unit: 'seconds', min: 0, max: 86_400 }]],
    });
  });
});
