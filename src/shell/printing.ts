import { CIS, type Ci, type CiName, type Masks } from './ci-table.ts';
import { FORMATS, type Format, type FormatName } from './formats.ts';

/** Where the values are to go. */
export interface Destination {
  readonly format: FormatName;
  readonly ci: CiName | undefined;
  /** `file`: `--output FILE`. Without it, the format decides. */
  readonly output: 'file' | 'default';
  /** `insisted`: with `--insecure-print`. */
  readonly printing: 'insisted' | 'careful';
}

/** What to do with the values. */
export type Permission =
  /** Send the masks first, then write. If they can't be sent and `masks` isn't `none`, don't write. */
  | { readonly permitted: true; readonly to: 'file' | 'stdout' | 'GITHUB_ENV'; readonly masks: Masks }
  | { readonly permitted: false; readonly refusal: Refusal };

export type Refusal =
  /** Whoever can read the log would see them. */
  | { readonly reason: 'not-masked'; readonly format: FormatName; readonly ci: CiName | undefined }
  /** Only some CIs have GITHUB_ENV. */
  | { readonly reason: 'no-command-file'; readonly ci: CiName | undefined; readonly known: readonly CiName[] };

/** The CIs whose runner reads GITHUB_ENV. */
const WITH_COMMAND_FILES: readonly CiName[] = ['github', 'forgejo', 'gitea'];
const NO_MASKS: Masks = { kind: 'none' };

/**
 * Whether the values may be written. Nothing distinguishes the standard output that `eval` reads from one that ends in a log, so they
 * are printed only if the log hides them, or if the user insists.
 */
export function permit({ format: name, ci: ciName, output, printing }: Destination): Permission {
  const format: Format = FORMATS[name];
  const ci: Ci | undefined = ciName && CIS[ciName];
  const masks = ci?.masks ?? NO_MASKS;
  if (output === 'file') return { permitted: true, to: 'file', masks };
  if (format.goesTo === 'GITHUB_ENV') {
    if (ciName !== undefined && WITH_COMMAND_FILES.includes(ciName))
      return { permitted: true, to: 'GITHUB_ENV', masks };
    return { permitted: false, refusal: { reason: 'no-command-file', ci: ciName, known: WITH_COMMAND_FILES } };
  }
  if (ci?.prints !== 'once masked' && printing !== 'insisted')
    return { permitted: false, refusal: { reason: 'not-masked', format: name, ci: ciName } };
  return { permitted: true, to: 'stdout', masks: ciName !== undefined && format.masksIn === ciName ? NO_MASKS : masks };
}
