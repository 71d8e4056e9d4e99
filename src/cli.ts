import { constants } from 'node:os';
import { PARTITIONS } from './aws/partitions.ts';
import { connect } from './cli-connect.ts';
import { messageOf } from './core/failure.ts';
import { clockUntil, type Lifetime, startLifetime } from './lifetime.ts';
import { runCommand } from './shell/dispatch.ts';
import { EXIT } from './shell/exit.ts';
import { readCommandLine } from './shell/program.ts';
import { sayFailure, screenOn } from './shell/report.ts';
import { startSecrets } from './shell/secrets.ts';
import { VERSION } from './version.ts';

/** The command `aws-mfa-credentials`. */
async function main(): Promise<void> {
  const lifetime: Lifetime = startLifetime();
  const secrets = startSecrets();
  const screen = screenOn(process.stderr, secrets);
  let interrupted = false;
  if (process.stdin.isTTY || process.stderr.isTTY)
    process.once('SIGINT', () => {
      interrupted = true;
    });
  let unprinted: Error | undefined;
  process.stdout.once('error', (error) => {
    unprinted = error;
  });
  try {
    const asked = readCommandLine(process.argv.slice(2), VERSION);
    process.exitCode = await runCommand(asked, {
      env: environment(),
      lifetime,
      clockUntil,
      secrets,
      screen,
      partitions: PARTITIONS,
      connect,
      setUp: async (...asked) => (await import('./cli-setup.ts')).setUp(...asked),
    });
  } catch (error) {
    sayFailure(error, screen);
    process.exitCode = interrupted ? INTERRUPTED : EXIT.ownFailure;
  }
  // Pipes are asynchronous on Windows.
  await new Promise((resolve) => process.stdout.write('', resolve));
  if (unprinted !== undefined) {
    screen.say(`Standard output can't be written: ${messageOf(unprinted)}.`);
    process.exitCode = EXIT.ownFailure;
  }
  if (interrupted && process.exitCode === INTERRUPTED && process.platform !== 'win32') endAsInterrupted();
  process.exit();
}

/** Windows doesn't distinguish aws_profile from AWS_PROFILE, but a copy of its variables would. */
function environment(): NodeJS.ProcessEnv {
  const named = (name: string): string => (process.platform === 'win32' ? name.toUpperCase() : name);
  return Object.fromEntries(Object.entries(process.env).map(([name, value]) => [named(name), value]));
}

const INTERRUPTED = EXIT.signal + constants.signals.SIGINT;

/** A shell's script or loop goes on after Ctrl+C unless the program that it waited for was ended by the signal itself. */
function endAsInterrupted(): void {
  process.removeAllListeners('SIGINT');
  process.kill(process.pid, 'SIGINT');
}

/** `engines` in package.json says the same, but npx doesn't look at it. */
const OLDEST_NODE = 22;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(
    `aws-mfa-credentials needs Node ${OLDEST_NODE} or newer; this is Node ${process.versions.node}.\n`,
  );
  process.exit(EXIT.ownFailure);
}
main();
