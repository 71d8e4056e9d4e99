import { accessSync, constants, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../../core/failure.ts';
import type { Answer } from '../../core/ports.ts';
import { deviceWith, keyPair, type Made, type SecretSlot, type StoreTarget } from '../../setup/enrollment.ts';
import type { SecretStore, StoredSecret } from '../../setup/ports.ts';
import { writePrivateFile } from '../private-file.ts';
import { UsageError } from '../values.ts';
import type { EnrollOptions } from './options.ts';
import type { OutputChoice, Place } from './places.ts';

/** How the entry opens stores and writes their values. */
export interface StoreWiring {
  openStore(place: Exclude<Place, OutputChoice>): Promise<SecretStore>;
  /** The text of `--output`. */
  fileText(form: OutputChoice['form'], made: Made): string;
}

/** The stores of all places, and what each of them gets. */
export async function targetsOf(
  { places, form }: Pick<EnrollOptions, 'places' | 'form'>,
  { openStore, fileText }: StoreWiring,
): Promise<readonly StoreTarget[]> {
  const targets: StoreTarget[] = [];
  for (const place of places) {
    if (place.kind === 'output') {
      const slot = { name: 'the secrets', valueOf: (made: Made) => fileText(place.form, made) };
      targets.push({ store: outputStore(place), secrets: [slot] });
    } else targets.push({ store: await openStore(place), secrets: slotsFor(place.kind, form) });
  }
  return targets;
}

/** The names of secrets: those that the examples have on GitHub, and the command's own variables on GitLab. */
export function slotsFor(kind: 'github' | 'gitlab', form: EnrollOptions['form']): readonly SecretSlot[] {
  const prefix = kind === 'github' ? 'AWS_' : '';
  if (form === 'pairs') {
    const device = {
      name: kind === 'github' ? 'AWS_MFA_DEVICE' : 'MFA_DEVICES',
      valueOf: deviceWith(kind === 'github' ? ' ' : ':'),
    };
    return [{ name: 'AWS_ACCESS_KEY', valueOf: keyPair }, device];
  }
  return [
    { name: 'AWS_ACCESS_KEY_ID', valueOf: ({ keys }) => keys.accessKeyId },
    { name: 'AWS_SECRET_ACCESS_KEY', valueOf: ({ keys }) => keys.secretAccessKey },
    { name: `${prefix}MFA_SERIAL`, valueOf: ({ device }) => device.serial },
    { name: `${prefix}MFA_SEED`, valueOf: ({ device }) => device.seed },
  ];
}

/** Standard output, or a file that only the user can read. Throws a `UsageError` if it can't be written. */
function outputStore({ path }: OutputChoice): SecretStore {
  if (path !== undefined) requireWritable(path);
  const done: Answer<void> = { ok: true, value: undefined, serverTime: undefined };
  return {
    title: path ?? 'standard output',
    async find(name): Promise<Answer<StoredSecret | undefined>> {
      const updated = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false })?.mtime;
      return { ok: true, value: updated && { name, updated }, serverTime: undefined };
    },
    async put(_, value) {
      if (path === undefined) await print(value);
      else writing(path, () => writePrivateFile(path, value));
      return done;
    },
    async remove() {
      if (path !== undefined) rmSync(path, { force: true });
      return done;
    },
  };
}

/** Throws a `UsageError` if a file can't be written there. */
function requireWritable(path: string): void {
  writing(path, () => {
    accessSync(dirname(path), constants.W_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder');
  });
}

function writing<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new UsageError(`--output ${path} can't be written: ${messageOf(error)}.`);
  }
}

/** Resolves when standard output has it all: whoever reads it may have ended. */
function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error) reject(new UsageError(`The secrets can't be written to standard output: ${messageOf(error)}.`));
      else resolve();
    });
  });
}
