import { parseSerial } from '../core/codes/serial.ts';
import type { Device } from '../core/request.ts';
import type { RawInputs } from './names.ts';
import type { Problems } from './problem.ts';
import { parseSeed } from './seed-forms.ts';

// The pool of `mfa-devices`. Loaded only if it is given.

/** IAM user guide: a user may have eight MFA devices. */
const MAX_DEVICES = 8;

/** A line of the pool that isn't blank or a comment; nothing in it has been checked. */
export interface PoolLine {
  readonly number: number;
  /** Up to the first gap, or the colon of `serial:seed`; all of it if there is neither. */
  readonly serial: string;
  /** Without the comment that may follow. */
  readonly seed: string;
}

/** The lines of a pool that name devices. A `#` at the beginning of a line or after white space begins a comment. */
export function poolLines(text: string): readonly PoolLine[] {
  return text.split('\n').flatMap((line, index) => {
    const trimmed = withoutComment(line.trim());
    if (trimmed === '') return [];
    const gap = trimmed.search(/\s/);
    const end = gap < 0 ? colonAfterSerial(trimmed) : gap;
    return [{ number: index + 1, serial: trimmed.slice(0, end), seed: trimmed.slice(end + 1).trim() }];
  });
}

/** The colon of `serial:seed`, or the end of the line if no serial is before it. GitLab can't mask a space. */
function colonAfterSerial(line: string): number {
  const colon = line.lastIndexOf(':');
  return colon < 0 || 'problem' in parseSerial(line.slice(0, colon)) ? line.length : colon;
}

/** The label of an otpauth URI may hold a `#` after a space: there is no comment before its secret. */
function withoutComment(line: string): string {
  const hash = line.search(/(?:^|\s)#/);
  if (hash < 0) return line;
  const kept = line.slice(0, hash).trim();
  return /\botpauth:/i.test(kept) && !/[?&#]secret=/i.test(kept) ? line : kept;
}

/** Reads `mfa-devices`; undefined if something is wrong with it. */
export function readDevices(raw: RawInputs, problems: Problems): readonly [Device, ...Device[]] | undefined {
  const devices: Device[] = [];
  let sound = true;
  for (const line of poolLines(raw['mfa-devices'])) {
    const device = readLine(line, problems);
    if (device === undefined) sound = false;
    else if (devices.some(({ serial }) => serial.text === device.serial.text))
      problems.add('mfa-devices', 'device', { reason: 'twice' }, { line: line.number });
    else devices.push(device);
  }
  if (devices.length > MAX_DEVICES)
    return problems.add('mfa-devices', 'too-many', { count: devices.length, max: MAX_DEVICES });
  if (!sound) return undefined;
  const [first, ...rest] = devices;
  return first === undefined ? problems.add('mfa-devices', 'list-empty', {}) : [first, ...rest];
}

function readLine({ number: line, serial: first, seed: rest }: PoolLine, problems: Problems): Device | undefined {
  const serial = parseSerial(first);
  if ('problem' in serial && isSwapped(first, rest))
    return problems.add('mfa-devices', 'device', { reason: 'seed-first' }, { line });
  if (rest === '') return problems.add('mfa-devices', 'device', { reason: 'no-seed' }, { line });
  const seed = parseSeed(rest);
  if ('problem' in serial)
    return problems.add('mfa-devices', 'serial', { reason: serial.problem }, { line, part: 'serial' });
  if ('problem' in seed) return problems.add('mfa-devices', 'seed', seed.problem, { line, part: 'seed' });
  return { serial, seed };
}

/** Whether the seed comes first. It may be written in groups, so only the end of the rest can be the serial. */
function isSwapped(first: string, rest: string): boolean {
  const last = parseSerial(rest.split(/\s/).at(-1) ?? '');
  return !('problem' in last) && (last.kind === 'virtual' || !('problem' in parseSeed(first)));
}
