/** Exit codes of shells and of env(1): the command can't be executed, or doesn't exist. Below them, our own failures. */
export const EXIT = { ownFailure: 125, notExecutable: 126, notFound: 127, signal: 128 } as const;
