import type { ChildProcess } from 'node:child_process';
import { expect } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import { script, startShell } from '../../kit/command.ts';
import { testNeeding } from '../../kit/platform.ts';
import { shownPieces } from '../../kit/secrets.ts';

// What a person sees who runs the command in a terminal.

const NO_SEED = { MFA_SEED: undefined };
const TYPING = ['--mfa-seed-file', '-'];
const CTRL = { C: '\x03', D: '\x04', backspace: '\x7f' };

/** Ends with 40, and one more for each SIGINT. */
const COUNTING = "let n = 0; process.on('SIGINT', () => { n += 1; setTimeout(() => process.exit(40 + n), 300); })";

/** Types as soon as something shows. */
function typing(after: string, keys: string): (stdout: string, child: ChildProcess) => void {
  let typed = false;
  return (stdout, child) => {
    if (typed || !stdout.includes(after)) return;
    typed = true;
    child.stdin?.write(keys);
  };
}

testNeeding('terminals')('a secret that is typed in a terminal is not shown', async () => {
  const { run } = await startShell();
  const { exitCode, stdout } = await run(['whoami', ...TYPING], {
    terminal: true,
    env: NO_SEED,
    stdin: undefined,
    onOutput: typing('End with Ctrl+D.', `${DEMO.seed}A${CTRL.backspace}\r${CTRL.D}`),
  });
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(
      /^aws-mfa-credentials: Type or paste what --mfa-seed-file should contain\. It isn't shown\. End with Ctrl\+D\.\r\naws-mfa-credentials: Using/,
    ),
  });
  expect(stdout).toContain(`MFA device: ${DEMO.serial}`);
  expect(shownPieces(stdout, DEMO.seed)).toEqual([]);
});

testNeeding('terminals')('the program that exec runs has the terminal as it was', async () => {
  const { run } = await startShell();
  const seed = typing('End with Ctrl+D.', `${DEMO.seed}${CTRL.D}`);
  const line = typing('icanon', 'input\r');
  const { exitCode, stdout } = await run(
    ['exec', ...TYPING, '--', 'sh', '-c', 'stty -a; read -r line; echo "<$line>"'],
    {
      terminal: true,
      env: NO_SEED,
      stdin: undefined,
      onOutput: (stdout, child) => {
        seed(stdout, child);
        line(stdout, child);
      },
    },
  );
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(/\sisig icanon iexten echo\s.*<input>\r\n$/s),
  });
});

testNeeding('terminals')('Ctrl+C ends the command while a secret is typed, and the script that runs it', async () => {
  const { run } = await startShell();
  const { exitCode, stdout } = await run(['whoami', ...TYPING], {
    terminal: true,
    env: NO_SEED,
    stdin: undefined,
    andThen: 'echo "the script goes on"',
    onOutput: typing('End with Ctrl+D.', `${DEMO.seed.slice(0, 20)}${CTRL.C}`),
  });
  expect(exitCode).toBe(130);
  expect(stdout).toContain('The command was cancelled (SIGINT).');
  expect(stdout).not.toContain('the script goes on');
  expect(shownPieces(stdout, DEMO.seed)).toEqual([]);
});

testNeeding('terminals').each([
  ['ends the program, and the script that runs the command', '', 130, /ready\r\n\^C$/],
  ["reaches the program once, and the script goes on if that doesn't end", COUNTING, 41, /\^C41\r\n$/],
])('Ctrl+C %s', async (_, code, exitCode, shown) => {
  const { run } = await startShell();
  const ran = await run(['exec', ...script(`${code}; setInterval(() => {}, 1000); console.log('ready')`)], {
    terminal: true,
    stdin: undefined,
    andThen: 'code=$?; echo $code; exit $code',
    onOutput: typing('ready', CTRL.C),
  });
  expect(ran).toMatchObject({ exitCode, stdout: expect.stringMatching(shown) });
});
