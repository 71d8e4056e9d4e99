import { type SessionCredentials, secretsOf } from '../core/credentials.ts';
import { Failure } from '../core/failure.ts';
import { azureCommand } from './mask-commands.ts';

// The formats of `env`, as a table that the code and the docs read.

/** What is written. */
export interface Exported {
  readonly credentials: SessionCredentials;
  readonly region: string;
  /** What ends a value in GITHUB_ENV: new and random each time, so that nobody can write it into a value. */
  readonly delimiter: string;
}

export interface Format {
  /** What AWS CLI v2 calls it (`aws configure export-credentials --format`). */
  readonly aliases: readonly string[];
  readonly goesTo: 'stdout' | 'GITHUB_ENV';
  /** Who understands it, in the words of the docs. */
  readonly reader: string;
  /** Whether the CI of that name masks the values while it reads them. */
  readonly masksIn?: 'azure';
  readonly write: (exported: Exported) => string;
}

/** All formats. Every value of printable characters reads back as it was: tested with real shells, but PowerShell and cmd by their rules. */
export const FORMATS = {
  sh: {
    aliases: ['env'],
    goesTo: 'stdout',
    reader: 'sh, bash, dash, ksh, zsh',
    write: lines((name, value) => `export ${name}=${quotedForSh(value)}`),
  },
  dotenv: {
    aliases: ['env-no-export'],
    goesTo: 'stdout',
    reader: '.env files, docker --env-file',
    write: lines((name, value) => `${name}=${/^[\w+/=.:,@%-]*$/.test(value) ? value : quotedForSh(value)}`),
  },
  // Within single quotes, only \' and \\ are escapes: https://fishshell.com/docs/current/language.html#quotes
  // The semicolon is for `eval (…)`, which joins the lines.
  fish: {
    aliases: [],
    goesTo: 'stdout',
    reader: 'fish',
    write: lines((name, value) => `set -gx ${name} '${value.replace(/[\\']/g, '\\$&')}';`),
  },
  // Within single quotes, a doubled quote is the only escape, and typographic quotes are quotes (about_Quoting_Rules; language
  // specification, 2.3.5.2).
  powershell: {
    aliases: [],
    goesTo: 'stdout',
    reader: 'PowerShell',
    write: lines((name, value) => `$Env:${name} = '${value.replace(/['\u2018-\u201b]/g, '$&$&')}'`),
  },
  cmd: {
    aliases: ['windows-cmd'],
    goesTo: 'stdout',
    reader: 'cmd.exe, as a batch file',
    write: lines((name, value) => setForCmd(name, value)),
  },
  json: {
    aliases: [],
    goesTo: 'stdout',
    reader: 'programs',
    write: ({ credentials: { accessKeyId, secretAccessKey, sessionToken, expiration }, region }) =>
      `${JSON.stringify({ accessKeyId, secretAccessKey, sessionToken, expiration: expiration ?? null, region })}\n`,
  },
  // https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
  process: {
    aliases: [],
    goesTo: 'stdout',
    reader: 'AWS SDKs, from credential_process',
    write: ({ credentials }) => processForm(credentials),
  },
  github: {
    aliases: [],
    goesTo: 'GITHUB_ENV',
    reader: 'later steps on GitHub, Forgejo and Gitea',
    write: (exported) => lines((name, value) => entry(name, value, exported.delimiter))(exported),
  },
  azure: {
    aliases: [],
    goesTo: 'stdout',
    reader: 'later steps on Azure Pipelines, which map secrets by `env:`',
    masksIn: 'azure',
    write: (exported) => {
      const secrets = secretsOf(exported.credentials);
      const masks = secrets.map((secret) => `${azureCommand('task.setsecret', {}, secret)}\n`);
      const variables = lines((variable, value) => {
        const secrecy = secrets.includes(value) ? { issecret: 'true' } : {};
        return azureCommand('task.setvariable', { variable, ...secrecy }, value);
      });
      return [...masks, variables(exported)].join('');
    },
  },
} as const satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof FORMATS;

/** All formats' names, in the order of the docs. */
export function namesOfFormats(): readonly FormatName[] {
  const isName = (name: string): name is FormatName => Object.hasOwn(FORMATS, name);
  return Object.keys(FORMATS).filter(isName);
}

/** The format of that name, which may be AWS CLI's. */
export function findFormat(text: string): FormatName | undefined {
  return namesOfFormats().find((name) => {
    const { aliases }: Format = FORMATS[name];
    return name === text || aliases.includes(text);
  });
}

/** What `credential_process` prints. */
export function processForm({ accessKeyId, secretAccessKey, sessionToken, expiration }: SessionCredentials): string {
  const fields = { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken };
  return `${JSON.stringify({ Version: 1, ...fields, Expiration: expiration })}\n`;
}

/** The variables that clients read. Some know only AWS_REGION, others only AWS_DEFAULT_REGION. */
export function variablesOf({ credentials, region }: Omit<Exported, 'delimiter'>): Readonly<Record<string, string>> {
  const { expiration } = credentials;
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    ...(expiration === undefined ? {} : { AWS_CREDENTIAL_EXPIRATION: expiration.toISOString() }),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
}

function lines(line: (name: string, value: string) => string): (exported: Exported) => string {
  return (exported) =>
    Object.entries(variablesOf(exported))
      .map(([name, value]) => `${line(name, value)}\n`)
      .join('');
}

/** POSIX, Shell Command Language, 2.2.2: nothing is special within single quotes, and they can't contain one. */
function quotedForSh(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/**
 * Between quotes, cmd takes everything literally except a quote and, in batch files, a per cent sign (`cmd /?`, `set /?`). If a value
 * has one, all quotes are escaped, so that none of them starts a quotation, and with them whatever separates commands
 * (https://ss64.com/nt/syntax-esc.html). AWS's values have neither, so they can also be pasted and read by `for /f`.
 */
function setForCmd(name: string, value: string): string {
  const assignment = `"${name}=${value}"`;
  if (!/["%]/.test(value)) return `set ${assignment}`;
  return `set ${assignment.replace(/[&|<>()^"]/g, '^$&').replaceAll('%', '%%')}`;
}

/** The multi-line form of GitHub's runner. */
function entry(name: string, value: string, delimiter: string): string {
  if (value.includes(delimiter)) throw new Failure('export-failed', { reason: 'delimiter', name });
  return `${name}<<${delimiter}\n${value}\n${delimiter}`;
}
