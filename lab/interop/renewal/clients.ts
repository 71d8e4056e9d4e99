import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedVersion } from '../../python/environment.ts';
import { type CommandLine, paceArguments } from './make-calls.ts';
import { type Programs, pinnedInGo, pinnedInJava } from './programs.ts';

/** Also the name of the profile that a client uses. */
export type ClientKey = 'cli-v1' | 'cli-v2' | 'boto3' | 'javascript-v3' | 'go-v2' | 'terraform' | 'java-v2';

/** A client that makes calls with a profile, whose role has the profile's name. */
export interface Client {
  readonly name: string;
  readonly version: string;
  readonly profile: ClientKey;
  /** How it reaches the emulator. `AWS_ENDPOINT_URL` is ignored by some when they assume a role; AWS's host names never are. */
  readonly by: 'AWS_ENDPOINT_URL' | 'host names';
  /** The program that makes the calls, for so many seconds. */
  readonly program: (lifeS: number) => CommandLine;
}

const LIBRARY = join(import.meta.dirname, '..');
const NODE_MODULES = join(import.meta.dirname, '../../../node_modules');

/**
 * The clients that can run here.
 * @param python an environment with boto3 and the AWS CLI
 */
export function clientsOf(python: string, { cli2, go, java }: Programs): readonly Client[] {
  return [
    {
      name: 'AWS CLI v1',
      version: pinnedVersion('clients', 'awscli'),
      profile: 'cli-v1',
      by: 'AWS_ENDPOINT_URL',
      program: repeated(python, '-W', 'ignore', '-m', 'awscli'),
    },
    ...present(cli2, ({ command, version }) => ({
      name: 'AWS CLI v2',
      version,
      profile: 'cli-v2',
      // 2.12 and older don't know AWS_ENDPOINT_URL.
      by: 'host names',
      program: repeated(command),
    })),
    {
      name: 'boto3',
      version: pinnedVersion('clients', 'boto3'),
      profile: 'boto3',
      by: 'AWS_ENDPOINT_URL',
      program: longLived(python, join(LIBRARY, 'python/renewal.py')),
    },
    {
      name: 'AWS SDK for JavaScript v3',
      version: versionOf('@aws-sdk/client-sts'),
      profile: 'javascript-v3',
      by: 'AWS_ENDPOINT_URL',
      program: longLived(process.execPath, join(LIBRARY, 'javascript/renewal.ts')),
    },
    ...present(go, ({ renewal }) => ({
      name: 'AWS SDK for Go v2',
      version: pinnedInGo('github.com/aws/aws-sdk-go-v2/config'),
      profile: 'go-v2',
      by: 'host names',
      program: longLived(renewal, 'go'),
    })),
    ...present(go, ({ renewal }) => ({
      name: 'aws-sdk-go-base (Terraform)',
      version: pinnedInGo('github.com/hashicorp/aws-sdk-go-base/v2'),
      profile: 'terraform',
      by: 'host names',
      program: longLived(renewal, 'terraform'),
    })),
    ...present(java, ({ classPath }) => ({
      name: 'AWS SDK for Java v2',
      version: pinnedInJava(),
      profile: 'java-v2',
      by: 'AWS_ENDPOINT_URL',
      program: longLived('java', '-cp', classPath, 'Renewal'),
    })),
  ];
}

/** A program that lives all the time. */
function longLived(...program: CommandLine): Client['program'] {
  return (lifeS) => [...program, ...paceArguments({ lifeS, intervalS: 1 })];
}

/** A CLI, which makes one call and ends. It needs about a second for that. */
function repeated(...cli: CommandLine): Client['program'] {
  const program = join(LIBRARY, 'javascript/repeat.ts');
  return (lifeS) => [process.execPath, program, ...paceArguments({ lifeS, intervalS: 4 }), ...cli];
}

function present<Found>(found: Found | undefined, client: (found: Found) => Client): readonly Client[] {
  return found === undefined ? [] : [client(found)];
}

function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(join(NODE_MODULES, name, 'package.json'), 'utf8'));
  return String(version);
}
