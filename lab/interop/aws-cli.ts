import { join } from 'node:path';
import { REGION } from './account.ts';
import type { Belongings } from './belongings.ts';
import { type Ended, runChild } from './child.ts';

/** The AWS CLI of a Python environment. */
export class AwsCli {
  readonly #python: string;
  readonly #belongings: Belongings;

  constructor(python: string, belongings: Belongings) {
    this.#python = python;
    this.#belongings = belongings;
  }

  /**
   * Runs `aws …` with exactly these variables, beside where it is and that it may not ask an instance for credentials.
   * @param input what a person would type
   */
  run(args: readonly string[], env: Readonly<Record<string, string>>, input = ''): Promise<Ended> {
    const nothing = join(this.#belongings.folder, 'not-there');
    return runChild(
      {
        command: this.#python,
        args: ['-W', 'ignore', '-m', 'awscli', ...args],
        env: {
          AWS_DEFAULT_REGION: REGION,
          AWS_CONFIG_FILE: nothing,
          AWS_SHARED_CREDENTIALS_FILE: nothing,
          AWS_EC2_METADATA_DISABLED: 'true',
          AWS_MAX_ATTEMPTS: '1',
          ...env,
        },
        input,
      },
      this.#belongings,
    );
  }

  /**
   * What `aws …` prints, read as JSON.
   * @throws Error with what it says instead
   */
  async json(args: readonly string[], env: Readonly<Record<string, string>>, input = ''): Promise<unknown> {
    const { exitCode, stdout, stderr } = await this.run([...args, '--output', 'json'], env, input);
    if (exitCode !== 0) throw new Error(`aws ${args.slice(0, 2).join(' ')} failed: ${stderr.trim()}`);
    return stdout === '' ? null : JSON.parse(stdout);
  }
}
