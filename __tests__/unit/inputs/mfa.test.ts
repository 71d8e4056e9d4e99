import { describe, expect, test } from '@jest/globals';
import { readMfaSource } from '../../../src/inputs/mfa.ts';
import type { RawInputs } from '../../../src/inputs/names.ts';
import { problemList, rawInputs } from '../../kit/raw-inputs.ts';

const SERIAL = 'arn:aws:iam::123456789012:mfa/ci';
const OTHER_SERIAL = 'arn:aws:iam::123456789012:mfa/ci-2';
const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const BYTES = Buffer.from('12345678901234567890');

async function read(given: Partial<RawInputs>) {
  const problems = problemList();
  return { mfa: await readMfaSource(rawInputs(given), problems), problems };
}

/** A pool of `count` devices. */
function pool(count: number): string {
  return Array.from({ length: count }, (_, index) => `arn:aws:iam::123456789012:mfa/ci-${index} ${SEED}`).join('\n');
}

describe('a seed with its serial', () => {
  test('is one device', async () => {
    const { mfa, problems } = await read({ 'mfa-serial': SERIAL, 'mfa-seed': SEED });
    expect(problems.found).toEqual([]);
    expect(mfa).toMatchObject({
      kind: 'devices',
      devices: [{ serial: { text: SERIAL, account: '123456789012' } }],
      slot: undefined,
      maxWaitSeconds: 240,
    });
    expect(mfa?.kind === 'devices' && Buffer.from(mfa.devices[0].seed.bytes).equals(BYTES)).toBe(true);
  });

  test('is told about both where both are wrong', async () => {
    const { mfa, problems } = await read({ 'mfa-serial': 'x', 'mfa-seed': 'GEZD1' });
    expect(mfa).toBeUndefined();
    expect(problems.inputs).toEqual(['mfa-serial', 'mfa-seed']);
  });
});

describe('a seed without its serial', () => {
  test('is a device that is still to be found', async () => {
    expect((await read({ 'mfa-seed': SEED, 'mfa-max-wait-seconds': '30' })).mfa).toMatchObject({
      kind: 'seed',
      slot: undefined,
      maxWaitSeconds: 30,
    });
  });

  test('that is a code is told apart', async () => {
    expect((await read({ 'mfa-seed': '123456' })).problems.text).toBe(
      'mfa-seed is a six-digit code, not a seed; pass a code as mfa-code',
    );
  });
});

describe('one code', () => {
  test('goes with a serial', async () => {
    expect((await read({ 'mfa-serial': SERIAL, 'mfa-code': '012345' })).mfa).toMatchObject({
      kind: 'code',
      serial: { text: SERIAL },
      code: '012345',
    });
  });

  test.each(['012 345', '012-345', '012\u00a0345', '012\t345'])('may be written in two groups: %j', async (text) => {
    expect((await read({ 'mfa-code': text })).mfa).toEqual({ kind: 'code', serial: undefined, code: '012345' });
  });

  test('goes without one', async () => {
    expect((await read({ 'mfa-code': '012345' })).mfa).toEqual({ kind: 'code', serial: undefined, code: '012345' });
  });

  test.each(['12345', '1234567', '12 3456', '123  456', '123_456', '12345a', '１２３４５６', '-12345'])(
    'has six digits: %s is refused',
    async (code) => {
      const { mfa, problems } = await read({ 'mfa-serial': SERIAL, 'mfa-code': code });
      expect(mfa).toBeUndefined();
      expect(problems.text).toBe('mfa-code is not six digits; write one code as the device shows it');
    },
  );

  test('cannot be shared out', async () => {
    expect((await read({ 'mfa-code': '012345', 'mfa-slot': '0/2' })).problems.text).toBe(
      'mfa-slot shares out the codes of a seed; it cannot go with one mfa-code',
    );
  });
});

describe('a pool of devices', () => {
  test('is one "serial seed" a line', async () => {
    const { mfa, problems } = await read({
      'mfa-devices': `\n  ${SERIAL} ${SEED}\r\n${OTHER_SERIAL}\tgezd gnbv gy3t qojq gezd gnbv gy3t qojq\n\nGAHT12345678 otpauth://totp/My Label?secret=${SEED}\n`,
    });
    expect(problems.found).toEqual([]);
    expect(mfa?.kind === 'devices' && mfa.devices.map(({ serial }) => serial.text)).toEqual([
      SERIAL,
      OTHER_SERIAL,
      'GAHT12345678',
    ]);
    expect(mfa?.kind === 'devices' && mfa.devices.every(({ seed }) => BYTES.equals(Buffer.from(seed.bytes)))).toBe(
      true,
    );
  });

  test('may be eight, and not nine', async () => {
    expect((await read({ 'mfa-devices': pool(8) })).problems.found).toEqual([]);
    const { mfa, problems } = await read({ 'mfa-devices': pool(9) });
    expect(mfa).toBeUndefined();
    expect(problems.text).toBe('mfa-devices has 9 devices; a user has 8 at most');
  });

  test('names no device twice, since a budget belongs to a device', async () => {
    expect((await read({ 'mfa-devices': `${SERIAL} ${SEED}\n${SERIAL} ${SEED}` })).problems.text).toBe(
      'mfa-devices names a device twice (line 2); each has a budget of its own, so name each once',
    );
  });

  test('names its own serials', async () => {
    expect((await read({ 'mfa-devices': `${SERIAL} ${SEED}`, 'mfa-serial': SERIAL })).problems.text).toBe(
      'mfa-serial is given together with mfa-devices, which names its own serials; leave it out',
    );
  });

  test('is told about by the line that is wrong, and about every line', async () => {
    const { mfa, problems } = await read({
      'mfa-devices': `${SERIAL}\n\narn:aws:iam::123456789012:user/ci ${SEED}\n${OTHER_SERIAL} GEZD1`,
    });
    expect(mfa).toBeUndefined();
    expect(problems.text).toMatch(
      /^mfa-devices has no seed in line 1; write "serial seed", one device per line\nmfa-devices has a serial in line 3 that is the ARN of a user;.*\nmfa-devices has a seed in line 4 that is not Base32: character 5 /,
    );
  });

  test('is none where only one of its lines is wrong', async () => {
    const { mfa, problems } = await read({ 'mfa-devices': `${SERIAL} ${SEED}\n${OTHER_SERIAL} GEZD1` });
    expect(mfa).toBeUndefined();
    expect(problems.found).toHaveLength(1);
  });

  test.each([
    ['as it is', SEED],
    ['in groups', 'gezd gnbv gy3t qojq gezd gnbv gy3t qojq'],
    ['in a URI', `otpauth://totp/x?secret=${SEED}`],
    ['damaged', SEED.slice(0, 27)],
  ])('with the seed before the serial says so, and gives nothing of it away: %s', async (_, seed) => {
    for (const comment of ['', ' # the first one']) {
      const { mfa, problems } = await read({ 'mfa-devices': `\n${seed} ${SERIAL}${comment}` });
      expect(mfa).toBeUndefined();
      expect(problems.text).toBe(
        'mfa-devices has the seed before the serial in line 2; write "serial seed", one device per line',
      );
    }
  });

  test('with the seed before the number of a hardware token says so too', async () => {
    expect((await read({ 'mfa-devices': `${SEED} GAHT12345678` })).problems.text).toBe(
      'mfa-devices has the seed before the serial in line 1; write "serial seed", one device per line',
    );
  });

  test('may have comments, on lines of their own and at the end of one', async () => {
    const { mfa, problems } = await read({
      'mfa-devices': `# ours\n${SERIAL} ${SEED} # the first\n  #${OTHER_SERIAL} ${SEED}\n${OTHER_SERIAL} gezd gnbv gy3t qojq gezd gnbv gy3t qojq\t#second\nGAHT12345678 otpauth://totp/My #1 Label?secret=${SEED} # third\n`,
    });
    expect(problems.found).toEqual([]);
    expect(mfa?.kind === 'devices' && mfa.devices.map(({ serial }) => serial.text)).toEqual([
      SERIAL,
      OTHER_SERIAL,
      'GAHT12345678',
    ]);
    expect(mfa?.kind === 'devices' && mfa.devices.every(({ seed }) => BYTES.equals(Buffer.from(seed.bytes)))).toBe(
      true,
    );
  });

  test('has no comment without white space before it', async () => {
    expect((await read({ 'mfa-devices': `${SERIAL} ${SEED}#1` })).problems.text).toContain(
      'is not Base32: character 33',
    );
  });

  test('of comments alone is none', async () => {
    expect((await read({ 'mfa-devices': `# ${SERIAL} ${SEED}` })).problems.text).toBe(
      'mfa-devices names no device; write "serial seed", one device per line',
    );
  });

  test('of blank lines is none', async () => {
    const { mfa, problems } = await read({ 'mfa-devices': '\n \n' });
    expect(mfa).toBeUndefined();
    expect(problems.text).toBe('mfa-devices names no device; write "serial seed", one device per line');
  });
});

describe('where codes come from', () => {
  test('has to be said, and the message tells why a secret may be empty', async () => {
    const { mfa, problems } = await read({ 'mfa-serial': SERIAL });
    expect(mfa).toBeUndefined();
    expect(problems.inputs).toEqual(['mfa-seed']);
    expect(problems.text).toMatch(/mfa-seed: \$\{\{ secrets\.AWS_MFA_SEED \}\}/);
    expect(problems.text).toContain('in pull requests from forks');
  });

  test('is not said by a wrong serial, which is told as well', async () => {
    expect((await read({ 'mfa-serial': 'arn:aws:iam::123456789012:user/ci' })).problems.inputs).toEqual([
      'mfa-serial',
      'mfa-seed',
    ]);
  });

  test.each([
    [{ 'mfa-seed': SEED, 'mfa-code': '123456' }, 'mfa-seed is given together with mfa-code;'],
    [{ 'mfa-seed': SEED, 'mfa-devices': pool(1) }, 'mfa-seed is given together with mfa-devices;'],
    [{ 'mfa-code': '123456', 'mfa-devices': pool(1) }, 'mfa-code is given together with mfa-devices;'],
    [
      { 'mfa-seed': SEED, 'mfa-code': '123456', 'mfa-devices': pool(1) },
      'mfa-seed is given together with mfa-code and mfa-devices;',
    ],
  ])('is said once: %o', async (given, problem) => {
    const { mfa, problems } = await read(given);
    expect(mfa).toBeUndefined();
    expect(problems.text).toBe(`${problem} give one of mfa-seed, mfa-code and mfa-devices`);
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
    const { mfa, problems } = await read({ 'mfa-serial': SERIAL, 'mfa-seed': SEED, 'mfa-slot': text });
    expect(problems.found).toEqual([]);
    expect(mfa).toMatchObject({ slot: { index, total } });
  });

  test('goes with a seed whose device is still to be found', async () => {
    expect((await read({ 'mfa-seed': SEED, 'mfa-slot': '1/2' })).mfa).toMatchObject({
      kind: 'seed',
      slot: { index: 1, total: 2 },
    });
  });

  test.each(['5/5', '1/0', '0/0', '0/257', '-1/5', '1', '/', '1/', '1/2/3', 'a/b', '1.0/2', '1\\2', '/5', '0000/1'])(
    '%s is refused with the expression that makes one',
    async (text) => {
      const { problems } = await read({ 'mfa-serial': SERIAL, 'mfa-seed': SEED, 'mfa-slot': text });
      expect(problems.inputs).toEqual(['mfa-slot']);
      expect(problems.text).toContain(`is "${text}"; write I/N`);
      expect(problems.text).toMatch(/\$\{\{ strategy\.job-index \}\}\/\$\{\{ strategy\.job-total \}\}/);
    },
  );
});

test.each([
  ['0', 0],
  ['86400', 86_400],
])('the longest wait may be %s s', async (text, seconds) => {
  expect((await read({ 'mfa-seed': SEED, 'mfa-max-wait-seconds': text })).mfa).toMatchObject({
    maxWaitSeconds: seconds,
  });
});

test.each(['86401', '-1', 'forever'])('the longest wait may not be %s', async (text) => {
  const { mfa, problems } = await read({ 'mfa-seed': SEED, 'mfa-max-wait-seconds': text });
  expect(mfa).toBeUndefined();
  expect(problems.inputs).toEqual(['mfa-max-wait-seconds']);
});
