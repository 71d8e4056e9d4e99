import { asFailure, Failure } from '../../core/failure.ts';
import type { Session } from '../../core/ports.ts';
import type { RoleRequest } from '../../core/request.ts';
import { assumeRoleAgain } from '../../core/session/again.ts';
import { obtainSession } from '../../core/session/session.ts';
import { explain } from '../../inputs/messages/catalogue.ts';
import { enroll as carryOut, type EnrollmentOutcome } from '../../setup/enroll.ts';
import { type BegunNote, deviceWith, type Enrollment, keyPair, type Made } from '../../setup/enrollment.ts';
import { planOf, type Step } from '../../setup/plan.ts';
import { policyFor } from '../../setup/policy.ts';
import { survey } from '../../setup/survey.ts';
import type { Thing } from '../../setup/undo.ts';
import { EXIT } from '../exit.ts';
import type { Options } from '../program.ts';
import { sayFailure } from '../report.ts';
import { type CommandContext, getSession, userFolder } from '../request.ts';
import { WORDING } from '../wording.ts';
import { type Acting, actAs } from './acting.ts';
import { agreed } from './confirm.ts';
import { NO_NOTE, noteIn } from './note.ts';
import { type EnrollOptions, readEnrollOptions } from './options.ts';
import { serversOf } from './places.ts';
import { snippetFor } from './snippets.ts';
import { targetsOf } from './stores.ts';
import { numbered, stepInWords, thingInWords } from './words.ts';

/** Makes a user, a device and a key, proves them, and stores them for a pipeline. Resolves to the exit code. */
export async function enroll(options: Options, context: CommandContext): Promise<number> {
  const { env, screen, lifetime } = context;
  const wanted = readEnrollOptions(options, env);
  const acting = await actAs(wanted.user === 'self' ? 'oneself' : 'administrator', options, context);
  if (acting === undefined) return EXIT.ownFailure;
  try {
    const enrollment = await enrollmentOf(wanted, acting);
    const note = noteFor(enrollment, context);
    const found = await survey(enrollment, acting.iam, lifetime.clock.now, note.since());
    const steps = planOf(enrollment, found);
    screen.show(planInWords(steps, acting, serversOf(wanted.places, env)));
    await advise(steps, acting, context);
    if (!(await agreed(wanted.consent, screen, lifetime.signal))) return 0;
    let number = 0;
    const outcome = await carryOut(enrollment, steps, found, {
      iam: acting.iam,
      outlive: () => acting.wiring.outlive(),
      clock: lifetime.clock,
      note,
      identify: (keys) => acting.services.sts.callerIdentity(keys, 'aside'),
      prove: (made) => prove(made, wanted, acting, context),
      announce(step) {
        number += 1;
        screen.show(`[${number}/${steps.length}] ${stepInWords(step)}\n`);
      },
    });
    return report(outcome, wanted, acting, context);
  } finally {
    acting.services.close();
  }
}

function noteFor({ who, account, user }: Enrollment, context: CommandContext): BegunNote {
  return who.kind === 'self' ? noteIn(userFolder(context), account, user) : NO_NOTE;
}

async function enrollmentOf(wanted: EnrollOptions, acting: Acting): Promise<Enrollment> {
  const { identity, request, keys } = acting;
  const user = wanted.user === 'self' ? acting.userName() : wanted.user;
  const isSelf = wanted.user === 'self';
  const needs = {
    roles: wanted.roles,
    buckets: wanted.buckets,
    listsBuckets: wanted.listsBuckets,
    rotates: wanted.rotates,
  };
  return {
    user,
    who: isSelf ? { kind: 'self', arn: identity.arn } : { kind: 'someone' },
    acting: keys.accessKeyId,
    account: identity.account,
    partition: request.region.partition.id,
    policy: isSelf ? undefined : { name: wanted.policyName, documentFor: (userArn) => policyFor({ userArn }, needs) },
    boundary: wanted.boundary,
    device: wanted.device ?? (isSelf ? `${user}-ci` : user),
    key: wanted.key === 'own' ? keys : 'new',
    existing: wanted.existing,
    stores: await targetsOf(wanted, acting.wiring),
  };
}

function planInWords(steps: readonly Step[], { identity, request }: Acting, servers: readonly string[]): string {
  const where = servers.length === 0 ? '' : `; secrets go to ${servers.join(' and ')}`;
  return `As ${identity.arn}, in ${request.region.name}${where}:\n${numbered(steps.map(stepInWords))}`;
}

/** Which calls of the plan AWS will deny. Only advice: to ask takes a permission of its own, and boundaries of an organization don't show. */
async function advise(steps: readonly Step[], { iam, identity }: Acting, { screen }: CommandContext): Promise<void> {
  const actions = [...new Set(steps.flatMap(({ kind }) => ACTIONS[kind] ?? []))];
  if (actions.length === 0 || !/:(?:user|role)\//.test(identity.arn)) return;
  const denied = await iam.deniedActions(identity.arn, actions);
  if (denied.ok && denied.value.length > 0)
    screen.say(`Your policies don't seem to allow ${denied.value.join(', ')}. Continue only if you know better.`);
}

const ACTIONS: Partial<Readonly<Record<Step['kind'], readonly string[]>>> = {
  'create-user': ['iam:CreateUser', 'iam:TagUser'],
  'put-policy': ['iam:PutUserPolicy'],
  'create-device': ['iam:CreateVirtualMFADevice', 'iam:EnableMFADevice'],
  'create-key': ['iam:CreateAccessKey'],
  'remove-key': ['iam:DeleteAccessKey'],
  'remove-device': ['iam:DeactivateMFADevice', 'iam:DeleteVirtualMFADevice'],
};

/** Gets a session with exactly the strings that a pipeline will have, and tries the roles with it. */
async function prove(made: Made, { roles }: EnrollOptions, acting: Acting, context: CommandContext): Promise<void> {
  const request = await acting.requestWith({
    'aws-access-key': keyPair(made),
    'mfa-devices': deviceWith(' ')(made),
  });
  if (request === undefined) throw new Failure('unexpected', { error: 'the new values are not valid inputs' });
  const refused: string[] = [];
  await getSession(request, context, async (asked, ports) => {
    const user: Session = await obtainSession(asked, ports);
    for (const arn of roles) {
      try {
        await assumeRoleAgain(user, roleOf(arn), asked, ports);
      } catch (error) {
        refused.push(`${arn}: ${explainAny(error)}`);
      }
    }
    return user;
  });
  for (const line of refused)
    context.screen.say(`The session works, but doesn't get this role yet. Correct the role's trust policy. ${line}`);
}

function explainAny(error: unknown): string {
  return explain(asFailure(error), WORDING).message;
}

/** The least that can be asked of a role: whether it may be assumed. */
function roleOf(arn: string): RoleRequest {
  const [, partition = '', , , account = ''] = arn.split(':');
  return {
    role: { kind: 'arn', arn, partition, account },
    durationSeconds: 900,
    sessionName: 'aws-mfa-credentials-enroll',
    externalId: undefined,
    sourceIdentity: undefined,
    policy: undefined,
    policyArns: [],
    sessionTags: undefined,
    plainSecretOnly: false,
  };
}

function listed(things: readonly Thing[]): string {
  return things.map(thingInWords).join(', ');
}

function report(
  outcome: EnrollmentOutcome,
  wanted: EnrollOptions,
  { request }: Acting,
  { screen, lifetime }: CommandContext,
): number {
  switch (outcome.kind) {
    case 'done': {
      lifetime.succeed();
      if (outcome.note !== undefined)
        screen.say(`Everything is stored, but the user couldn't be tagged. ${explainAny(outcome.note)}`);
      screen.show('Done. The session worked, and everything is stored.\n');
      if (outcome.replaced.length > 0)
        screen.say(
          `What the earlier enrollment made still works: ${listed(outcome.replaced)}. Delete it when no job uses it any more.`,
        );
      const snippet = snippetFor(wanted, request.region.name);
      if (snippet !== undefined) process.stdout.write(snippet);
      return 0;
    }
    case 'taken-back': {
      sayFailure(outcome.failure, screen);
      const { taken, left, earlier } = outcome;
      if (taken.length > 0) screen.say(`Taken back: ${listed(taken)}.`);
      for (const { failure, ...thing } of left)
        screen.say(`Still there: ${thingInWords(thing)}. ${explain(failure, WORDING).message}`);
      if (earlier.length > 0)
        screen.say(
          `Still there, from an earlier run that wasn't completed: ${listed(earlier)}. Run the same command again to complete it, or remove it with unenroll.`,
        );
      if (left.length + earlier.length === 0) screen.say('Nothing was stored, and nothing is left.');
      return EXIT.ownFailure;
    }
    case 'incomplete':
      sayFailure(outcome.failure, screen);
      screen.say(
        `Already stored: ${outcome.written.join(', ')}. So nothing was taken back. Run the same command again to complete it.`,
      );
      return EXIT.ownFailure;
  }
}
