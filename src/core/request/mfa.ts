import { EMPTY_SECRET_CAUSES } from './causes.ts';
import { quote, readInteger } from './fields.ts';
import type { Problems, RawInputs } from './inputs.ts';
import { parseSeed, type Seed } from './seed.ts';
import { parseSerial, type Serial } from './serial.ts';

/** An MFA device that this step can compute codes for. */
export interface Device {
  readonly serial: Serial;
  readonly seed: Seed;
}

/** A matrix job's share of the codes: job `index` (from 0) of `total`. */
export interface Slot {
  readonly index: number;
  readonly total: number;
}

/** Where codes come from. */
export type MfaSource =
  | {
      readonly kind: 'devices';
      /** One to eight: a user has no more. */
      readonly devices: readonly [Device, ...Device[]];
      readonly slot: Slot | undefined;
      readonly maxWaitSeconds: number;
    }
  /** A seed whose device is still to be found among the user's own, by iam:ListMFADevices. */
  | { readonly kind: 'seed'; readonly seed: Seed; readonly slot: Slot | undefined; readonly maxWaitSeconds: number }
  /** One code that was made elsewhere. */
  | { readonly kind: 'code'; readonly serial: Serial | undefined; readonly code: string };

/** IAM user guide: a user may have eight MFA devices. */
const MAX_DEVICES = 8;
/** A matrix makes 256 jobs at most. */
const MAX_SLOTS = 256;

/** Reads where the codes come from; adds a problem for each thing that is wrong. Undefined where there is one. */
export function readMfaSource(raw: RawInputs, problems: Problems): MfaSource | undefined {
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
    return problems.add(
      given[0] ?? 'mfa-seed',
      `is given together with ${given.slice(1).join(' and ')}; give one of mfa-seed, mfa-code and mfa-devices`,
    );
  }
  switch (given[0]) {
    case 'mfa-code':
      return readCode(raw, problems);
    case 'mfa-devices': {
      const devices = readDevices(raw, problems);
      if (devices === undefined || maxWaitSeconds === undefined) return undefined;
      return { kind: 'devices', devices, slot, maxWaitSeconds };
    }
    default: {
      const serial = readSerial(raw, problems);
      const seed = readSeed(raw['mfa-seed'], problems);
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

function readSeed(text: string, problems: Problems): Seed | undefined {
  if (/^\d{6}$/.test(text)) return problems.add('mfa-seed', 'is a six-digit code, not a seed; pass a code as mfa-code');
  const seed = parseSeed(text);
  return 'problem' in seed ? problems.add('mfa-seed', seed.problem) : seed;
}

function readCode(raw: RawInputs, problems: Problems): MfaSource | undefined {
  const serial = readSerial(raw, problems);
  if (raw['mfa-slot'] !== '')
    problems.add('mfa-slot', 'shares out the codes of a seed; it cannot go with one mfa-code');
  const code = raw['mfa-code'];
  if (!/^\d{6}$/.test(code))
    return problems.add('mfa-code', 'is not six digits; write one code as the device shows it');
  return { kind: 'code', serial, code };
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

function readDevices(raw: RawInputs, problems: Problems): readonly [Device, ...Device[]] | undefined {
  if (raw['mfa-serial'] !== '') {
    problems.add('mfa-serial', 'is given together with mfa-devices, which names its own serials; leave it out');
  }
  const devices: Device[] = [];
  let sound = true;
  const lines = raw['mfa-devices'].split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const device = readDeviceLine(line.trim(), index + 1, problems);
    if (device === undefined) sound = false;
    else if (devices.some(({ serial }) => serial.text === device.serial.text)) {
      problems.add(
        'mfa-devices',
        `names a device twice (line ${index + 1}); each has a budget of its own, so name each once`,
      );
    } else devices.push(device);
  }
  if (devices.length > MAX_DEVICES) {
    return problems.add('mfa-devices', `has ${devices.length} devices; a user has ${MAX_DEVICES} at most`);
  }
  if (!sound) return undefined;
  const [first, ...rest] = devices;
  if (first === undefined)
    return problems.add('mfa-devices', 'names no device; write "serial seed", one device a line');
  return [first, ...rest];
}

function readDeviceLine(line: string, number: number, problems: Problems): Device | undefined {
  const gap = line.search(/\s/);
  if (gap < 0)
    return problems.add('mfa-devices', `has no seed in line ${number}; write "serial seed", one device a line`);
  const serial = parseSerial(line.slice(0, gap));
  const seed = parseSeed(line.slice(gap).trim());
  if ('problem' in serial) return problems.add('mfa-devices', `has a serial in line ${number} that ${serial.problem}`);
  if ('problem' in seed) return problems.add('mfa-devices', `has a seed in line ${number} that ${seed.problem}`);
  return { serial, seed };
}
