import { planRemoval, type RemovalStep, takeRemovalStep } from '../../setup/unenroll.ts';
import { EXIT } from '../exit.ts';
import type { Options } from '../program.ts';
import { sayFailure } from '../report.ts';
import { type CommandContext, userFolder } from '../request.ts';
import { actAs } from './acting.ts';
import { agreed } from './confirm.ts';
import { NO_NOTE, noteIn } from './note.ts';
import { consentIn, optional, userIn } from './options.ts';
import { placesIn } from './places.ts';
import { targetsOf } from './stores.ts';
import { numbered, removalInWords } from './words.ts';

const NAME = /^[\w+=,.@-]{1,64}$/;

/** Removes what an enrollment has made and stored. Resolves to the exit code. */
export async function unenroll(options: Options, context: CommandContext): Promise<number> {
  const { env, screen, lifetime } = context;
  const asked = userIn(options);
  const isSelf = asked === 'self';
  const places = placesIn(options, env).filter(({ kind }) => kind !== 'output');
  const acting = await actAs(isSelf ? 'oneself' : 'administrator', options, context);
  if (acting === undefined) return EXIT.ownFailure;
  const { identity, iam, request, wiring, services } = acting;
  try {
    const user = isSelf ? acting.userName() : asked;
    const form = options['separate'] === true ? 'separate' : 'pairs';
    const stores = await targetsOf({ places, form }, wiring);
    const steps = await planRemoval(
      {
        user,
        who: isSelf ? { kind: 'self', arn: identity.arn } : { kind: 'someone' },
        account: identity.account,
        partition: request.region.partition.id,
        stores,
        policy: isSelf ? undefined : (optional(options, 'policyName', NAME) ?? 'aws-mfa-credentials'),
        device: optional(options, 'device', NAME) ?? (isSelf ? `${user}-ci` : user),
        accessKeyId: optional(options, 'accessKeyId', /^AKIA[A-Z0-9]{12,}$/),
      },
      iam,
    );
    const note = isSelf ? noteIn(userFolder(context), identity.account, user) : NO_NOTE;
    if (steps.length === 0) {
      note.end();
      screen.say(`There is nothing to remove of ${user}.`);
      return 0;
    }
    screen.show(`As ${identity.arn}:\n${numbered(steps.map(removalInWords))}`);
    if (!(await agreed(consentIn(options), screen, lifetime.signal))) return 0;
    const exitCode = await carryOut(steps, async (step) => takeRemovalStep(step, iam), context);
    if (exitCode === 0) note.end();
    return exitCode;
  } finally {
    services.close();
  }
}

/** Goes as far as it can: each step is safe by itself, and the next run does the rest. */
async function carryOut(
  steps: readonly RemovalStep[],
  take: (step: RemovalStep) => Promise<void>,
  { screen }: CommandContext,
): Promise<number> {
  for (const [index, step] of steps.entries()) {
    screen.show(`[${index + 1}/${steps.length}] ${removalInWords(step)}\n`);
    try {
      await take(step);
    } catch (error) {
      sayFailure(error, screen);
      screen.say('Run the same command again to remove the rest.');
      return EXIT.ownFailure;
    }
  }
  screen.show('Done.\n');
  return 0;
}
