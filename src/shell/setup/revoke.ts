import { explain } from '../../inputs/messages/catalogue.ts';
import { revoke as carryOut, planRevocation } from '../../setup/revoke.ts';
import { EXIT } from '../exit.ts';
import type { Options } from '../program.ts';
import type { CommandContext } from '../request.ts';
import { WORDING } from '../wording.ts';
import { actAs } from './acting.ts';
import { agreed } from './confirm.ts';
import { consentIn, many, userIn } from './options.ts';
import { numbered, revocationInWords } from './words.ts';

/** After a leak: ends everything that the user's keys, devices and sessions can do. Resolves to the exit code. */
export async function revoke(options: Options, context: CommandContext): Promise<number> {
  const { screen, lifetime } = context;
  const asked = userIn(options);
  const acting = await actAs(asked === 'self' ? 'oneself' : 'administrator', options, context);
  if (acting === undefined) return EXIT.ownFailure;
  const { identity, iam, services } = acting;
  try {
    const user = asked === 'self' ? acting.userName() : asked;
    const roles = many(options, 'roleName', /^[\w+=,.@-]{1,64}$/);
    const { steps, unknown } = await planRevocation(user, roles, iam);
    for (const { what, failure } of unknown)
      screen.say(
        `The ${what} of ${user} can't be listed, so none is deactivated. ${explain(failure, WORDING).message}`,
      );
    screen.show(`As ${identity.arn}:\n${numbered(steps.map(revocationInWords))}`);
    if (!(await agreed(consentIn(options), screen, lifetime.signal))) return 0;
    // A moment later than now by AWS's clock would do no harm, a moment earlier would leave a session.
    const { clock } = lifetime;
    const offset = (await acting.services.sts.callerIdentity(acting.keys)).serverTime;
    const ahead = offset === undefined ? 0 : offset - clock.now();
    const failed = await carryOut(
      steps,
      iam,
      () => clock.now() + ahead + 1000,
      (step) => screen.show(`${revocationInWords(step)}\n`),
    );
    for (const { step, failure } of failed)
      screen.say(`This failed: ${revocationInWords(step)} ${explain(failure, WORDING).message}`);
    if (failed.length + unknown.length > 0) return EXIT.ownFailure;
    screen.show(
      'Done. To use the user again, remove the policy AWSRevokeOlderSessions only after all old sessions have ended.\n',
    );
    return 0;
  } finally {
    services.close();
  }
}
