import { authenticate } from './authenticate.ts';
import type { OpenCall } from './calls.ts';
import { AwsError } from './errors.ts';
import { MfaLedger } from './mfa.ts';
import type { Answer } from './operation.ts';
import { answerQuery, queryError } from './query-api.ts';
import type { Request } from './request.ts';
import { answerS3, s3Error } from './s3/api.ts';
import { type Session, Sessions } from './sessions.ts';
import type { World } from './world.ts';

/** The emulated AWS without its HTTP server: requests in, answers out. */
export class Aws {
  readonly #sessions = new Sessions();
  readonly #mfa = new MfaLedger();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Every session issued so far. */
  get sessions(): readonly Session[] {
    return this.#sessions.all();
  }

  /**
   * Handles one request, and writes the verdict on a code into its log entry.
   * @param now the emulator's time, ms since the epoch
   * @param roleLifetime seconds after which the session of a role ends, if a fault shortens it
   */
  handle(request: Request, now: number, requestId: string, call: OpenCall, roleLifetime?: number): Answer {
    try {
      if (request.service === 'unknown') throw unknownApi(request);
      const caller = authenticate(request, this.#world, this.#sessions, now);
      const apiCall = {
        request,
        caller,
        world: this.#world,
        sessions: this.#sessions,
        mfa: this.#mfa,
        now,
        roleLifetime,
        judged: (judgement: NonNullable<OpenCall['mfa']>) => {
          call.mfa = judgement;
        },
      };
      return request.service === 's3' ? answerS3(apiCall) : answerQuery(apiCall, requestId);
    } catch (error) {
      return errorAnswer(request, asAwsError(error), requestId);
    }
  }
}

/** A refusal in the XML of the requested service. */
export function errorAnswer(request: Request, error: AwsError, requestId: string): Answer {
  return request.service === 's3' ? s3Error(request, error, requestId) : queryError(request.service, error, requestId);
}

// Neither STS nor IAM nor S3, so these are the common errors of the query protocol.
function unknownApi({ params }: Request): AwsError {
  const action = params.get('Action');
  if (action === undefined) return new AwsError(400, 'MissingAction', 'Action is missing');
  const version = params.get('Version') ?? '';
  return new AwsError(400, 'InvalidAction', `Could not find operation ${action} for version ${version}`);
}

// Any other error is a mistake in the emulator, or in a world that a test changed, and must be noticed.
function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new AwsError(500, 'InternalFailure', `The emulator failed: ${cause}`);
}
