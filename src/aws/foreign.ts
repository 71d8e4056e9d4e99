import type { ClientContext } from './client-context.ts';

/** What a diagnosis needs from the step. */
export type Scene = Pick<ClientContext, 'region' | 'endpoint'> & {
  /** The call was signed with keys that AWS has just created. */
  readonly keysAreNew?: boolean;
  readonly secrets: Pick<ClientContext['secrets'], 'redact'>;
};

const MAX_FOREIGN = 2_000;

/** A string from outside as it may be shown: without anything that was sent, and shortened. */
export function foreign(text: string, { secrets }: Pick<Scene, 'secrets'>): string {
  // Redacted before it is shortened: a part of a secret would no longer be found.
  const shown = secrets.redact(text);
  return shown.length > MAX_FOREIGN ? `${shown.slice(0, MAX_FOREIGN)}…` : shown;
}

/** What an error of Node or of the system says. */
export interface SystemError {
  readonly name: string;
  /** Such as ECONNREFUSED; empty if there is none. */
  readonly code: string;
  readonly syscall: string;
  /** Without the code that many messages begin with. */
  readonly message: string;
}

/** This error, or the first one in it: if a name has several addresses, they fail together. */
export function systemErrorOf(error: unknown): SystemError {
  const field = (name: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  const text = (name: string): string => {
    const value = field(name);
    return typeof value === 'string' ? value : '';
  };
  const errors = field('errors');
  if (Array.isArray(errors) && errors.length > 0) return systemErrorOf(errors[0]);
  const code = text('code');
  if (code === '' && field('cause') !== undefined) return systemErrorOf(field('cause'));
  const message = text('message');
  return {
    name: text('name'),
    code,
    syscall: text('syscall'),
    message: code !== '' && message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message,
  };
}
