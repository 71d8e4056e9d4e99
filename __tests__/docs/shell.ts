import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';

// A person's shell, for the commands of the documents: one bash that runs block after block, in an empty folder and with an
// empty home. The AWS CLI goes to the emulator, and `gh` writes down what it is given.

/** bash reads the blocks from a pipe, so that standard input is left to whoever is asked for something. */
const LOOP = `
set -eu -o pipefail
while IFS= read -r -d '' block <&3; do eval "$block"; printf '\\036'; done
`;

/** Releases of the AWS CLI before 2.13 don't know AWS_ENDPOINT_URL, and would ask the real AWS. */
const aws = (path: string) => `#!/bin/sh\nexec '${path}' --endpoint-url "$AWS_ENDPOINT_URL" "$@"\n`;

/** `gh secret set NAME` takes a value from standard input: a file, or what the person types. */
const GH = `#!/bin/sh
kind=$1 name=$3
case "$kind $2 $*" in
'secret set '*) IFS= read -r value ;;
'variable set '*' --body '*) value=$5 ;;
*) echo "unexpected: gh $*" >&2; exit 1 ;;
esac
printf '%s %s %s\\n' "$GH_REPO" "$kind" "$name" >> "$GH_RECORD/order"
printf '%s' "$value" > "$GH_RECORD/$name"
`;

/** A shell that runs the commands of a document. */
export class Shell {
  readonly folder = mkdtempSync(join(tmpdir(), 'documentation-'));
  readonly #child: ChildProcess;
  readonly #errors: Promise<string>;
  #output = '';
  #ended = false;

  /** @param env what the person has set: keys, endpoint, region */
  constructor(env: Readonly<Record<string, string>>) {
    const [bin, home, work, gh] = ['bin', 'home', 'work', 'gh'].map((name) => join(this.folder, name));
    for (const path of [bin, home, work, gh]) mkdirSync(path ?? '');
    this.#program('aws', aws(pathOf('aws')));
    this.#program('gh', GH);
    this.#child = spawn('bash', ['-c', LOOP], {
      cwd: work,
      env: { PATH: [bin, process.env['PATH']].join(delimiter), HOME: home, LANG: 'C.UTF-8', GH_RECORD: gh, ...env },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error('the shell has pipes');
    stdout.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    this.#errors = text(stderr);
    this.#child.on('close', () => {
      this.#ended = true;
    });
  }

  #program(name: string, content: string): void {
    const path = join(this.folder, 'bin', name);
    writeFileSync(path, content);
    chmodSync(path, 0o755);
  }

  /** Writes a file into the folder that the commands run in. */
  write(name: string, content: string): void {
    writeFileSync(join(this.folder, 'work', name), content);
  }

  /**
   * Runs a block of commands and returns what they print.
   * @param typed the lines that the person types when asked
   * @throws Error with what the commands wrote to standard error, if one of them fails
   */
  async run(block: string, typed: readonly string[] = []): Promise<string> {
    const [stdin, , , blocks] = this.#child.stdio;
    if (!stdin || !('write' in stdin) || !blocks || !('write' in blocks)) throw new Error('the shell has pipes');
    this.#output = '';
    for (const line of typed) stdin.write(`${line}\n`);
    blocks.write(`${block}\0`);
    while (!this.#output.includes('\x1e')) {
      if (this.#ended) throw new Error(`${block}\n${this.#output}${await this.#errors}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return this.#output.replace('\x1e', '');
  }

  /** Ends the shell and deletes its folder. */
  close(): void {
    this.#child.kill();
    rmSync(this.folder, { recursive: true });
  }
}

/** Where a program is, past the ones that a version manager puts in front of it. */
function pathOf(name: string): string {
  return execFileSync('bash', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
}
