import type { Caller } from './caller.ts';
import type { Judgement, MfaLedger } from './mfa.ts';
import type { Request } from './request.ts';
import type { Sessions } from './sessions.ts';
import type { World } from './world.ts';
import type { Xml } from './xml.ts';

/** A call of an API operation: an authenticated request, and the state of the emulated AWS. */
export interface ApiCall {
  readonly request: Request;
  readonly caller: Caller;
  readonly world: World;
  readonly sessions: Sessions;
  readonly mfa: MfaLedger;
  /** The emulator's time, ms since the epoch. */
  readonly now: number;
  /** Seconds after which the session of a role ends, or undefined if it ends when AWS's would. */
  readonly roleLifetime: number | undefined;
  /** Writes the verdict on a code into the log of calls. */
  readonly judged: (judgement: Judgement) => void;
}

/** An operation: returns the content of its result, or nothing if it has none. */
export type Operation = (call: ApiCall) => Xml | undefined;

/** What goes back over the wire, before faults and the common headers. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** AWS's error code, if it's a refusal. */
  readonly errorCode?: string;
}
