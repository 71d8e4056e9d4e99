import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Call, DEMO, type Emulator, type Verdict } from '../aws/index.ts';
import { Job, type StepResult } from '../runner/job.ts';
import { hide } from '../runner/log.ts';
import { COLUMNS, heading, labelled, styled, wrap } from './print.ts';
import { summaryText } from './summary-text.ts';

/** The inputs that come from secrets. A runner masks secrets before the step begins. */
export const SECRETS = {
  'aws-access-key-id': DEMO.accessKeyId,
  'aws-secret-access-key': DEMO.secretAccessKey,
  'mfa-seed': DEMO.seed,
};
/** A secret for two jobs, as `openssl rand -base64 32` prints it. */
export const SEALING_KEY = randomBytes(32).toString('base64');

/** The inputs of most scenes. The output only mentions them. */
export const USUAL = { 'aws-region': DEMO.region, ...SECRETS, 'mfa-serial': DEMO.serial };

/** What happened in a scene: the step, its post step, the requests to AWS. */
export interface Seen {
  readonly step: StepResult;
  readonly post: StepResult;
  readonly calls: readonly Call[];
  readonly masks: ReadonlySet<string>;
}

/** One scene: a job with one step, and what the scene promises. */
export interface Scene {
  readonly title: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** What to show, besides the log and the requests. */
  readonly shows: readonly ('summary' | 'exported' | 'post')[];
  /** A sentence to print if all expectations are true. */
  readonly verdict: string;
  readonly expected: Readonly<Record<string, (seen: Seen) => boolean>>;
}

/** The runner masks these, and the scene must not print them. */
const HIDDEN = [...Object.values(SECRETS), SEALING_KEY];

/** Runs a job with one step and its post step. */
export async function run(inputs: Scene['inputs'], emulator: Emulator): Promise<Seen> {
  const before = emulator.calls.length;
  const job = new Job({ action: join(import.meta.dirname, '../..'), env: { AWS_ENDPOINT_URL: emulator.endpoint } });
  try {
    for (const secret of HIDDEN) job.masks.add(secret);
    const step = await job.step({ inputs });
    const [post] = await job.post();
    if (post === undefined) throw new Error('a job has as many post steps as steps');
    return { step, post, calls: emulator.calls.slice(before), masks: job.masks };
  } finally {
    job.close();
  }
}

/** Runs a scene and shows it. Its last line is the verdict. */
export async function play(scene: Scene, emulator: Emulator): Promise<boolean> {
  const seen = await run(scene.inputs, emulator);
  console.log(heading(scene.title));
  console.log(labelled('with', [given(scene.inputs, seen.masks)]));
  console.log(labelled('log', seen.step.lines));
  console.log(labelled('AWS', [seen.calls.map(requestText).join(', ') || 'was not called']));
  for (const part of scene.shows) console.log(shown(part, seen));
  const expected = Object.entries({ ...scene.expected, 'no secret is in the log': isSilent });
  return judge(scene.verdict, Object.fromEntries(expected.map(([what, holds]) => [what, holds(seen)])));
}

/** The inputs: special ones with their values, and a mention of the usual ones. */
function given(inputs: Readonly<Record<string, string>>, masks: ReadonlySet<string>): string {
  const usual: Readonly<Record<string, string>> = USUAL;
  const own = Object.entries(inputs).filter(([name, value]) => usual[name] !== value && name !== 'summary');
  const list = own.map(([name, value]) => `${name}: ${shorten(hide(value, masks))}`);
  const rest = 'mfa-seed' in inputs ? ['region, key, device, seed'] : [];
  return [...list, ...rest].join(' · ');
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  accepted: 'code accepted',
  used: 'code used before',
  wrong: 'wrong code',
  budget: 'too many codes',
  'unknown-device': 'no such device of this user',
  incomplete: 'code without device',
};

/** A request to AWS, and what became of its code. */
export function requestText({ operation, status, mfa }: Call): string {
  return `${operation} ${status === 0 ? 'no response' : status}${mfa === undefined ? '' : ` (${VERDICTS[mfa.verdict]})`}`;
}

function shown(part: Scene['shows'][number], { step, post, masks }: Seen): string {
  switch (part) {
    case 'summary': {
      const [title = '', ...rest] = summaryText(step.summary);
      return [labelled('summary', [title]), ...rest].join('\n');
    }
    case 'exported': {
      const variables = Object.entries(step.exported).map(([name, value]) => `${name}=${hide(value, masks)}`);
      return labelled('later', [`steps see ${variables.join(' ')}`]);
    }
    case 'post':
      return labelled('post', post.lines);
  }
}

/** Prints the verdict, or what isn't true of what was promised. */
export function judge(verdict: string, promised: Readonly<Record<string, boolean>>): boolean {
  const wrong = Object.keys(promised).filter((what) => promised[what] !== true);
  const passed = wrong.length === 0;
  const label = passed ? '✔ As promised:' : '✘ Not as promised:';
  const text = passed ? verdict : `${wrong.map((what) => `“${what}” isn't true`).join(', ')}.`;
  const lines = wrap(`${label} ${text}`, COLUMNS).join('\n');
  console.log(styled(passed ? 'green' : 'red', label) + lines.slice(label.length));
  return passed;
}

function isSilent({ step, post }: Seen): boolean {
  const log = [...step.lines, ...post.lines].join('\n') + step.summary;
  const sent = Object.entries(step.exported).filter(([name]) => /KEY|TOKEN/.test(name));
  return [...HIDDEN, ...sent.map(([, value]) => value)].every((secret) => !log.includes(secret));
}

/** Shortens a sealed session, which has a thousand characters. */
function shorten(text: string): string {
  return text.length > COLUMNS ? `${text.slice(0, 30)}… (${text.length} characters)` : text;
}
