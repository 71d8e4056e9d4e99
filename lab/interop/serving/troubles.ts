import { type Emulator, startEmulator } from '../../aws/index.ts';
import type { Cleanup } from '../cleanup.ts';
import type { Client } from '../renewal/clients.ts';
import type { CommandLine } from '../renewal/make-calls.ts';
import type { Environment } from '../renewal/profiles.ts';
import { endSessionsAfter } from '../renewal/world.ts';
import type { Comparison, RunContext } from '../report.ts';
import { closeRoles, type Person, personNamed, worldOf } from './people.ts';
import { processProfile } from './profiles.ts';
import { matches, SAYINGS, type Saying, type Sayings } from './sayings.ts';
import { Watched } from './watched.ts';
import { waysTo } from './ways.ts';

/** How long a program may take that should do something. */
const LIMIT_S = 40;
/** Whoever says nothing about a server that never answers until this long after the end of the session waits forever. */
const PATIENCE_S = 10;
/** All clients try for longer. */
const STALL_S = 3;
/** A session that ends while the program waits. */
const SHORT_S = 8;
/** A session that can still be used after a stall. All clients would like to replace it. */
const LONG_S = 20;
const MAKES_CALLS_S = 300;

/** What each client says if there are no credentials, and that it recovers if they are only late. */
export async function checkTroubles(
  { report, cleanup }: RunContext,
  command: CommandLine,
  clients: readonly Client[],
): Promise<void> {
  const results = clients.map(async (client) => {
    const given = { client, says: SAYINGS[client.profile], command, cleanup };
    const [stopped, refused, forbidden, failed] = await Promise.all([
      stop(given),
      refuse(given),
      forbid(given),
      failProcess(given),
    ]);
    return { client, compared: { ...stopped, ...refused, ...forbidden, ...failed } };
  });
  for (const { client, compared } of await Promise.all(results))
    await report.check(`what ${client.name} says without credentials`, async () => compared);
}

/** What was said, and what should have been. */
function compare(said: string | undefined, saying: Saying | undefined): Comparison[string] {
  return said !== undefined && saying !== undefined && matches(said, saying) ? [saying, saying] : [said, saying];
}

interface Given {
  readonly client: Client;
  readonly says: Sayings;
  readonly command: CommandLine;
  readonly cleanup: Cleanup;
}

/** The command is stopped, for a moment, and then until the client has said something or was patient for long enough. */
async function stop(given: Given): Promise<Comparison> {
  const { program } = await startServed(given, LONG_S);
  await program.success(LIMIT_S);
  program.signal('SIGSTOP');
  const failed = await program.failure(STALL_S);
  program.signal('SIGCONT');
  const stalled = failed ?? (await program.failure(STALL_S));
  program.signal('SIGSTOP');
  const early = await program.failure(LONG_S);
  const before = program.calls;
  const silent = early ?? (await program.failure(PATIENCE_S));
  const made = program.calls - before;
  program.signal('SIGCONT');
  const recovered = await program.success(LIMIT_S);
  program.end();
  return {
    silent: compare(silent, given.says.silent),
    'makes no calls without a session': [silent === undefined ? made : 0, 0],
    [`failures if the server answers ${STALL_S} s late`]: [stalled, undefined],
    'recovers when the server answers': [recovered, true],
  };
}

/** AWS refuses to renew, and later the command is killed. */
async function refuse(given: Given): Promise<Comparison> {
  const { program, emulator } = await startServed(given, SHORT_S);
  await program.success(LIMIT_S);
  closeRoles(emulator.world);
  const refused = await secondFailure(program);
  const { said } = program;
  program.signal('SIGKILL');
  const gone = await secondFailure(program);
  program.end();
  return {
    refused: compare(refused, given.says.refused),
    'the command says why': [said, /The credentials couldn't be renewed, .*the role can't be assumed/],
    gone: compare(gone, given.says.gone),
  };
}

/** The first one may be of a call that was on its way: its session may have ended meanwhile, or it had asked before the server was gone. */
async function secondFailure(program: Watched): Promise<string | undefined> {
  await program.failure(LIMIT_S);
  return program.failure(LIMIT_S);
}

/** The program has another token. */
async function forbid(given: Given): Promise<Comparison> {
  const { program } = await startServed(given, LONG_S, ['env', 'AWS_CONTAINER_AUTHORIZATION_TOKEN=wrong']);
  const forbidden = await program.failure(LIMIT_S);
  program.end();
  return { forbidden: compare(forbidden, given.says.forbidden) };
}

async function failProcess({ client, says, command, cleanup }: Given): Promise<Comparison> {
  const { person, emulator, env } = await newAws(client, LONG_S, cleanup);
  closeRoles(emulator.world);
  const profile = processProfile(person, command, emulator.endpoint);
  const program = new Watched(client.program(MAKES_CALLS_S), { ...env, ...profile }, cleanup);
  const process = await program.failure(LIMIT_S);
  program.end();
  return { process: compare(process, says.process) };
}

/** Starts a program under `exec --serve`, with a separate AWS. */
async function startServed(
  { client, command, cleanup }: Given,
  lifetimeS: number,
  wrapper: readonly string[] = [],
): Promise<{ readonly program: Watched; readonly emulator: Emulator }> {
  const { person, emulator, env } = await newAws(client, lifetimeS, cleanup);
  const exec = [...command, 'exec', '--serve', '--role-to-assume', person.name, '--', ...wrapper] as const;
  const program = new Watched([...exec, ...client.program(MAKES_CALLS_S)], { ...person.env, ...env }, cleanup);
  return { program, emulator };
}

async function newAws(
  { profile, by }: Client,
  lifetimeS: number,
  cleanup: Cleanup,
): Promise<{ readonly person: Person; readonly emulator: Emulator; readonly env: Environment }> {
  const person = personNamed(profile, cleanup);
  const emulator = await startEmulator({ world: worldOf([person]) });
  cleanup.add(() => emulator.close());
  endSessionsAfter(lifetimeS, emulator);
  const ways = await waysTo(emulator.endpoint, cleanup);
  return { person, emulator, env: ways[by] };
}
