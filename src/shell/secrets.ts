import { isMaskable } from '../core/credentials.ts';
import { spellingsOfCode, withoutSecrets } from '../core/redaction.ts';

/** What a command must not print, although no runner hides it. */
export interface KnownSecrets {
  mask(secret: string): void;
  conceal(code: string): void;
  redact(text: string): string;
}

/** Starts with no secrets. Each is taken out of everything that the command prints itself. */
export function startSecrets(): KnownSecrets {
  const secrets = new Set<string>();
  const codes = new Map<string, RegExp>();
  return {
    mask: (secret) => {
      if (isMaskable(secret)) secrets.add(secret);
    },
    conceal: (code) => {
      codes.set(code, spellingsOfCode(code));
    },
    redact: (text) => {
      let shown = withoutSecrets(text, secrets);
      for (const spellings of codes.values()) shown = shown.replace(spellings, '***');
      return shown;
    },
  };
}
