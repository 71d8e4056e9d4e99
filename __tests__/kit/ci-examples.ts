import { parse, parseAllDocuments } from 'yaml';
import { read } from '../docs/markdown.ts';

// What each CI makes of its example: the jobs, as shell text with the variables that the file sets. Read as the CI reads it, as far
// as the examples go.

export type Variables = Readonly<Record<string, string>>;

/** A job of an example that runs the command. */
export interface ShellJob {
  readonly name: string;
  readonly shell: 'sh' | 'bash';
  readonly text: string;
  /** The variables that the file sets. */
  readonly variables: Variables;
  /** The names of the stored secrets that the job gets. */
  readonly secrets: readonly string[];
}

const SECRETS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'MFA_SEED'];

interface GitLabJob {
  readonly variables?: Variables;
  readonly script?: readonly string[];
}

/** GitLab gives the project's variables to all jobs. */
export function gitlabJobs(yaml: string): readonly ShellJob[] {
  const { variables, ...rest }: { variables?: Variables } & Readonly<Record<string, GitLabJob>> = parse(yaml);
  return Object.entries(rest).flatMap(([name, job]) =>
    job.script === undefined
      ? []
      : [
          {
            name,
            shell: 'sh',
            text: job.script.join('\n'),
            variables: { ...variables, ...job.variables },
            secrets: SECRETS,
          },
        ],
  );
}

interface Include {
  readonly component: string;
  readonly inputs: Variables;
}

/** The file with the component's job in it. GitLab puts inputs into the text. */
export function withComponent(yaml: string): string {
  const { include, ...rest }: { include: readonly Include[] } & Readonly<Record<string, object>> = parse(yaml);
  const jobs = include.map(({ component, inputs }) => {
    const [, name = ''] = /\/(\w+)@/.exec(component) ?? [];
    const text = read(`templates/${name}.yml`);
    const [header] = parseAllDocuments(text);
    const known: Readonly<Record<string, { readonly default?: string }>> = header?.toJS().spec.inputs;
    const unknown = Object.keys(inputs).filter((input) => !(input in known));
    if (unknown.length > 0) throw new Error(`${component} has no ${unknown.join(', ')}`);
    const [, body = ''] = text.split('\n---\n');
    return parse(
      body.replaceAll(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_all, input: string) => {
        const value = inputs[input] ?? known[input]?.default;
        if (value === undefined) throw new Error(`${component} needs ${input}`);
        return value;
      }),
    );
  });
  const merged = { ...Object.assign({}, ...jobs) };
  for (const [name, job] of Object.entries(rest)) merged[name] = Array.isArray(job) ? job : { ...merged[name], ...job };
  return JSON.stringify(merged);
}

/** `environment` is for the whole pipeline, and `withCredentials` only for what is in it. */
export function jenkinsJobs(groovy: string): readonly ShellJob[] {
  const [, environment = ''] = /environment \{([^}]*)\}/.exec(groovy) ?? [];
  const variables = Object.fromEntries(
    [...environment.matchAll(/(\w+) = '([^']*)'/g)].map(([, name = '', value = '']) => [name, value] as const),
  );
  const blocks = groovy.matchAll(/stage\('(\w+)'\) \{\s+steps \{\s+withCredentials\(\[([^\]]*)\]\) \{([^}]*)\}/g);
  return [...blocks].map(([, name = '', bindings = '', body = '']) => ({
    name,
    shell: 'sh',
    text: [...body.matchAll(/sh '([^']*)'/g)].map(([, text = '']) => text).join('\n'),
    variables,
    secrets: [...bindings.matchAll(/[vV]ariable: '(\w+)'/g)].map(([, variable = '']) => variable),
  }));
}

interface Step {
  readonly name: string;
  readonly script: readonly string[];
}

/** Bitbucket gives the repository's variables to all steps. */
export function bitbucketJobs(yaml: string): readonly ShellJob[] {
  const steps: readonly { readonly step?: Step; readonly parallel?: readonly { readonly step: Step }[] }[] =
    parse(yaml).pipelines.branches.main;
  return steps
    .flatMap(({ step, parallel }) => step ?? parallel?.map((each) => each.step) ?? [])
    .map(({ name, script }) => ({ name, shell: 'bash', text: script.join('\n'), variables: {}, secrets: SECRETS }));
}

interface CircleJob {
  readonly executor: string;
  readonly steps: readonly (string | { readonly run: { readonly command: string } })[];
}

/** CircleCI gives a context's variables to the jobs that name it in the workflow. */
export function circleJobs(yaml: string): readonly ShellJob[] {
  const { executors, jobs, workflows } = parse(yaml);
  return Object.entries<CircleJob>(jobs).map(([name, { executor, steps }]) => ({
    name,
    shell: 'bash',
    text: steps.flatMap((step) => (typeof step === 'string' ? [] : step.run.command)).join('\n'),
    variables: executors[executor].environment,
    secrets: workflows.main.jobs.some((job: object) => Object.entries(job)[0]?.[0] === name && inContext(job))
      ? SECRETS
      : [],
  }));
}

function inContext(job: object): boolean {
  const [settings]: readonly { readonly context?: string }[] = Object.values(job);
  return settings?.context === 'aws';
}

interface AzureJob {
  readonly job: string;
  readonly steps: readonly { readonly bash?: string; readonly env?: Variables }[];
}

/** Azure gives secrets only to the steps that map them, and other variables to all. */
export function azureJobs(yaml: string): readonly ShellJob[] {
  const { jobs, variables }: { jobs: readonly AzureJob[]; variables: readonly { name?: string; value?: string }[] } =
    parse(yaml);
  const set = Object.fromEntries(variables.flatMap(({ name, value }) => (name ? [[name, value ?? '']] : [])));
  return jobs.map(({ job, steps }) => ({
    name: job,
    shell: 'bash',
    text: steps.flatMap(({ bash }) => bash ?? []).join('\n'),
    variables: set,
    secrets: steps.flatMap(({ env = {} }) =>
      Object.entries(env).map(([name, value]) => {
        if (value !== `$(${name})`) throw new Error(`${name} isn't mapped to itself`);
        return name;
      }),
    ),
  }));
}

interface BuildkiteStep {
  readonly key: string;
  readonly command: string;
  readonly secrets: readonly string[];
}

/** The upload replaces `$VARIABLES`, and `$$` with `$`. */
export function buildkiteJobs(yaml: string): readonly ShellJob[] {
  const { env, steps }: { env: Variables; steps: readonly BuildkiteStep[] } = parse(yaml);
  return steps.map(({ key, command, secrets }) => ({
    name: key,
    shell: 'bash',
    text: command.replaceAll(/\$(\$)?(\w*)/g, (_all, escaped: string | undefined, name: string) =>
      escaped === undefined ? '' : `$${name}`,
    ),
    variables: env,
    secrets,
  }));
}

interface Service {
  readonly command: readonly string[];
  readonly environment: Variables;
}

/** Docker runs a command without a shell, and mounts secrets as files in a folder. */
export function composeJobs(yaml: string, mounted: string): readonly ShellJob[] {
  const { services }: { services: Readonly<Record<string, Service>> } = parse(yaml);
  return Object.entries(services).map(([name, { command, environment }]) => ({
    name,
    shell: 'sh',
    text: command.map((word) => `'${word.replace('/run/secrets', mounted)}'`).join(' '),
    variables: environment,
    secrets: [],
  }));
}
