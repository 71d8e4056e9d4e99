import { plainSeed, type Seed } from '../core/codes/seed.ts';
import { parseSerial, type Serial } from '../core/codes/serial.ts';
import type { Device, MfaSource, Slot } from '../core/request.ts';
import { quote } from '../core/words.ts';
import { EMPTY_SECRET_CAUSES } from './causes.ts';
import { nameOf, readInteger } from './fields.ts';
import type { Problems, RawInputs } from './names.ts';

/** Apps show a code in two groups. */
const CODE = /^\d{3}[\s-]?\d{3}$/;
/** A matrix makes 256 jobs at most. */
const MAX_SLOTS = 256;

/** Reads where the codes come from; adds a problem for each thing that is wrong. Undefined where there is one. */
export async function readMfaSource(raw: RawInputs, problems: Problems): Promise<MfaSource | undefined> {
  const given = (['mfa-seed', 'mfa-code', 'mfa-devices'] as const).filter((input) => raw[input] !== '');
  const maxWaitSeconds = readInteger(
    raw,
    'mfa-max-wait-seconds',
    { min: 0, max: 86_400, default: 240, unit: 'seconds' },
    problems,
  );
  const slot = readSlot(raw, problems);
  if (given.length === 0) {
    readSerial(raw, problems);
    return problems.add(
      'mfa-seed',
      `is empty, and so are mfa-code and mfa-devices: no code can be made. Store the device's seed as a secret and pass it, mfa-seed: \${{ secrets.AWS_MFA_SEED }}. ${EMPTY_SECRET_CAUSES}`,
    );
  }
  if (given.length > 1) {
    const others = given.slice(1).map((input) => nameOf(raw, input));
    return problems.add(
      given[0] ?? 'mfa-seed',
      `is given together with ${others.join(' and ')}; give one of mfa-seed, mfa-code and mfa-devices`,
    );
  }
  switch (given[0]) {
    case 'mfa-code':
      return readCode(raw, problems);
    case 'mfa-devices': {
      const devices = await readDevices(raw, problems);
      if (devices === undefined || maxWaitSeconds === undefined) return undefined;
      return { kind: 'devices', devices, slot, maxWaitSeconds };
    }
    default: {
      const serial = readSerial(raw, problems);
      const seed = await readSeed(raw['mfa-seed'], problems);
      if (seed === undefined || maxWaitSeconds === undefined) return undefined;
      if (serial === undefined) return { kind: 'seed', seed, slot, maxWaitSeconds };
      return { kind: 'devices', devices: [{ serial, seed }], slot, maxWaitSeconds };
    }
  }
}

function readSerial(raw: RawInputs, problems: Problems): Serial | undefined {
  const text = raw['mfa-serial'];
  if (text === '') return undefined;
  const serial = parseSerial(text);
  return 'problem' in serial ? problems.add('mfa-serial', serial.problem) : serial;
}

/** What isn't plain Base32 is read by what is loaded only then. */
async function readSeed(text: string, problems: Problems): Promise<Seed | undefined> {
  const plain = plainSeed(text);
  if (plain !== undefined) return plain;
  if (CODE.test(text)) return problems.add('mfa-seed', 'is a six-digit code, not a seed; pass a code as mfa-code');
  const { parseSeed } = await import('./seed-forms.ts');
  const seed = parseSeed(text);
  return 'problem' in seed ? problems.add('mfa-seed', seed.problem) : seed;
}

function readCode(raw: RawInputs, problems: Problems): MfaSource | undefined {
  const serial = readSerial(raw, problems);
  if (raw['mfa-slot'] !== '')
    problems.add('mfa-slot', 'shares out the codes of a seed; it cannot go with one mfa-code');
  const code = raw['mfa-code'];
  if (!CODE.test(code)) return problems.add('mfa-code', 'is not six digits; write one code as the device shows it');
  return { kind: 'code', serial, code: code.replace(/\D/, '') };
}

function readSlot(raw: RawInputs, problems: Problems): Slot | undefined {
  const text = raw['mfa-slot'];
  if (text === '') return undefined;
  const match = /^(\d{1,3})\/(\d{1,3})$/.exec(text.replaceAll(' ', ''));
  const index = Number(match?.[1]);
  const total = Number(match?.[2]);
  if (match === null || total < 1 || total > MAX_SLOTS || index >= total) {
    return problems.add(
      'mfa-slot',
      `is ${quote(text)}; write I/N with I from 0 to N−1 and N up to ${MAX_SLOTS}: mfa-slot: \${{ strategy.job-index }}/\${{ strategy.job-total }}`,
    );
  }
  return { index, total };
}

async function readDevices(raw: RawInputs, problems: Problems): Promise<readonly [Device, ...Device[]] | undefined> {
  if (raw['mfa-serial'] !== '') {
    problems.add('mfa-serial', 'is given together with mfa-devices, which names its own serials; leave it out');
  }
  const { readDevices: read } = await import('./mfa-devices.ts');
  return read(raw, problems);
}
