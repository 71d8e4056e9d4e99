import { existsSync, rmSync, statSync } from 'node:fs';
import type { Answer } from '../../core/ports.ts';
import { deviceWith, keyPair, type Made, type SecretSlot, type StoreTarget } from '../../setup/enrollment.ts';
import type { SecretStore, StoredSecret } from '../../setup/ports.ts';
import { intoNewFile } from '../new-file.ts';
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

/** Standard output, or a file that only the user can read. */
function outputStore({ path }: OutputChoice): SecretStore {
  const done: Answer<void> = { ok: true, value: undefined, serverTime: undefined };
  return {
    title: path ?? 'standard output',
    async find(name): Promise<Answer<StoredSecret | undefined>> {
      const exists = path !== undefined && existsSync(path);
      const value = exists ? { name, updated: statSync(path).mtime } : undefined;
      return { ok: true, value, serverTime: undefined };
    },
    async put(_, value) {
      if (path === undefined) process.stdout.write(value);
      else {
        rmSync(path, { force: true });
        await intoNewFile(path, async (write) => write(value));
      }
      return done;
    },
    async remove() {
      if (path !== undefined) rmSync(path, { force: true });
      return done;
    },
  };
}
