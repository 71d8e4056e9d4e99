import { parseSerial, type Serial } from '../core/codes/serial.ts';
import { plainSeed, type Seed } from '../core/codes/totp.ts';
import type { Device, MfaSource, Slot } from '../core/request.ts';
import { readInteger } from './fields.ts';
import type { RawInputs } from './names.ts';
import type { Problems } from './problem.ts';

/** The inputs that codes come from. */
const CODE_SOURCES = ['mfa-seed', 'mfa-code', 'mfa-devices'] as const;
/** Apps show a code in two groups. */
const CODE = /^\d{3}[\s-]?\d{3}$/;
/** A matrix has 256 jobs at most. */
const MAX_SLOTS = 256;

/** Reads where the codes come from; undefined if something is wrong. */
export async function readMfaSource(raw: RawInputs, problems: Problems): Promise<MfaSource | undefined> {
  const [source, ...others] = CODE_SOURCES.filter((input) => raw[input] !== '');
  const maxWaitSeconds = readInteger(raw, 'mfa-max-wait-seconds', problems);
  const slot = readSlot(raw, problems);
  if (others.length > 0) return problems.add(source ?? 'mfa-seed', 'one-of', { others, all: CODE_SOURCES });
  if (source === 'mfa-code') return readCode(raw, problems);
  if (source === 'mfa-devices') {
    const devices = await readDevices(raw, problems);
    if (devices === undefined || maxWaitSeconds === undefined) return undefined;
    return { kind: 'devices', devices, slot, maxWaitSeconds };
  }
  const serial = readSerial(raw, problems);
  if (source === undefined) return problems.add('mfa-seed', 'no-code', {});
  const seed = await readSeed(raw[source], problems);
  if (seed === undefined || maxWaitSeconds === undefined) return undefined;
  if (serial === undefined) return { kind: 'seed', seed, slot, maxWaitSeconds };
  return { kind: 'devices', devices: [{ serial, seed }], slot, maxWaitSeconds };
}

function readSerial(raw: RawInputs, problems: Problems): Serial | undefined {
  const text = raw['mfa-serial'];
  if (text === '') return undefined;
  const serial = parseSerial(text);
  return 'problem' in serial ? problems.add('mfa-serial', 'serial', { reason: serial.problem }) : serial;
}

/** What isn't plain Base32 is read by a part that is only loaded for it. */
async function readSeed(text: string, problems: Problems): Promise<Seed | undefined> {
  const plain = plainSeed(text);
  if (plain !== undefined) return plain;
  if (CODE.test(text)) return problems.add('mfa-seed', 'seed', { reason: 'code' });
  const { parseSeed } = await import('./seed-forms.ts');
  const seed = parseSeed(text);
  return 'problem' in seed ? problems.add('mfa-seed', 'seed', seed.problem) : seed;
}

function readCode(raw: RawInputs, problems: Problems): MfaSource | undefined {
  const serial = readSerial(raw, problems);
  if (raw['mfa-slot'] !== '') problems.add('mfa-slot', 'conflict', { with: 'mfa-code' });
  const code = raw['mfa-code'];
  return CODE.test(code)
    ? { kind: 'code', serial, code: code.replace(/\D/, '') }
    : problems.add('mfa-code', 'code', {});
}

function readSlot(raw: RawInputs, problems: Problems): Slot | undefined {
  const value = raw['mfa-slot'];
  if (value === '') return undefined;
  const match = /^(\d{1,3})\/(\d{1,3})$/.exec(value.replaceAll(' ', ''));
  const index = Number(match?.[1]);
  const total = Number(match?.[2]);
  if (match === null || total < 1 || total > MAX_SLOTS || index >= total)
    return problems.add('mfa-slot', 'slot', { value, max: MAX_SLOTS });
  return { index, total };
}

async function readDevices(raw: RawInputs, problems: Problems): Promise<readonly [Device, ...Device[]] | undefined> {
  if (raw['mfa-serial'] !== '') problems.add('mfa-serial', 'conflict', { with: 'mfa-devices' });
  const { readDevices: read } = await import('./mfa-devices.ts');
  return read(raw, problems);
}
