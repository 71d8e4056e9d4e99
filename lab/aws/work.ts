import type { Caller } from './caller.ts';
import type { Judgement, MfaLedger } from './mfa.ts';
import type { Request } from './request.ts';
import type { Sessions } from './sessions.ts';
import type { World } from './world.ts';

/** What an operation works with: an authenticated request and the state of the emulated AWS. */
export interface Work {
  readonly request: Request;
  readonly caller: Caller;
  readonly world: World;
  readonly sessions: Sessions;
  readonly mfa: MfaLedger;
  /** The emulator's time at which the request is handled, ms since the epoch. */
  readonly now: number;
  /** Writes what became of a code into the log of calls. */
  readonly judged: (judgement: Judgement) => void;
}
