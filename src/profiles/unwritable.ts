import { Failure, messageOf } from '../core/failure.ts';

/** The way out of most that is wrong with the files of the user. */
export const USE_TEMP = 'set profiles-location: temp, which writes files of this job alone';

/** What `act` returns; whatever it throws becomes a Failure `profile-unwritable` that names the file. */
export function reporting<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const message = `The profile file ${path} cannot be written: ${messageOf(error)}.`;
    throw new Failure('profile-unwritable', message, { cause: error });
  }
}

/** Throws a Failure `profile-unwritable` for what is reached through a link. */
export function refuseLink(path: string): never {
  throw new Failure('profile-unwritable', `${path} is a symbolic link, and profiles are not written through links.`, {
    remedy: `Name the real files in AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, put the real file or folder there, or ${USE_TEMP}.`,
  });
}

/** The system's name of an error: `EACCES`. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
