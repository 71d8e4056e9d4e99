import { count } from '../../core/words.ts';
import type { Step } from '../../setup/plan.ts';
import type { RevocationStep } from '../../setup/revoke.ts';
import type { Thing } from '../../setup/undo.ts';
import type { RemovalStep } from '../../setup/unenroll.ts';

/** A step of a plan, as a line of it: an order without a number. */
export function stepInWords(step: Step): string {
  switch (step.kind) {
    case 'create-user':
      return `Create the user ${step.user}${step.boundary === undefined ? '' : `, with the permissions boundary ${step.boundary}`}.`;
    case 'mark-user':
      return `Tag the user ${step.user}: an enrollment has begun.`;
    case 'remove-key':
      return `Delete the access key ${step.accessKeyId}, which an unfinished enrollment left.`;
    case 'remove-device':
      return `Delete the device ${step.serial}, which ${step.state === 'enabled' ? 'an unfinished enrollment left' : 'was never enabled'}.`;
    case 'put-policy':
      return `Add the policy ${step.policy} to ${step.user}: ${policyInWords(step.document)}.`;
    case 'create-device':
      return `Create the virtual MFA device ${step.serial}, and enable it for ${step.user}.`;
    case 'create-key':
      return `Create an access key for ${step.user}.`;
    case 'prove':
      return 'Get a session with both, as the pipeline will. AWS takes about half a minute to know what is new.';
    case 'store':
      return step.existing === 'replaced'
        ? `Replace ${step.slot.name} in ${step.store.title}.`
        : `Store ${step.slot.name} in ${step.store.title}.`;
    case 'finish':
      return `Tag the user ${step.user} with the key and the device.`;
  }
}

/** What a policy of ours allows, from its statements. */
function policyInWords(document: string): string {
  const { Statement }: { readonly Statement: readonly { readonly Sid: string; readonly Resource: unknown }[] } =
    JSON.parse(document);
  const resources = (prefix: string): number =>
    Statement.filter(({ Sid }) => Sid.startsWith(prefix)).flatMap(({ Resource }) => Resource).length;
  const allowed = [
    resources('Roles') > 0 ? `assume ${count(resources('Roles'), 'role')}` : '',
    resources('ListAllBuckets') > 0 ? 'list all buckets' : '',
    resources('Bucket') + resources('Prefix') > 0
      ? `list ${count(resources('Bucket') + resources('Prefix'), 'bucket')}`
      : '',
    resources('OwnKeys') > 0 ? 'rotate its own keys and devices' : '',
  ].filter((part) => part !== '');
  const what = allowed.length === 0 ? 'nothing else' : allowed.join(', ');
  return `without MFA only what a session needs; with MFA, ${what}`;
}

/** Something that an enrollment made, for a sentence. */
export function thingInWords({ kind, name }: Thing): string {
  switch (kind) {
    case 'user':
      return `the user ${name}`;
    case 'mark':
      return `the tag on ${name}`;
    case 'policy':
      return `the policy ${name}`;
    case 'device':
      return `the device ${name}`;
    case 'key':
      return `the new access key of ${name}`;
    case 'known-key':
      return `the access key ${name}`;
    case 'secret':
      return `the stored ${name}`;
  }
}

/** A step of a removal. */
export function removalInWords(step: RemovalStep): string {
  switch (step.kind) {
    case 'remove-secret':
      return `Remove ${step.name} from ${step.store.title}.`;
    case 'remove-key':
      return `Deactivate and delete the access key ${step.accessKeyId}.`;
    case 'remove-device':
      return step.state === 'enabled'
        ? `Deactivate and delete the device ${step.serial}.`
        : `Delete the device ${step.serial}, which was never enabled.`;
    case 'remove-policy':
      return `Delete the policy ${step.policy} of ${step.user}.`;
    case 'remove-user':
      return `Delete the user ${step.user}.`;
    case 'untag-user':
      return `Remove the tags of the enrollment from ${step.user}.`;
  }
}

/** A step of a revocation. */
export function revocationInWords(step: RevocationStep): string {
  switch (step.kind) {
    case 'deactivate-key':
      return `Deactivate the access key ${step.accessKeyId}.`;
    case 'deactivate-device':
      return `Deactivate the device ${step.serial}.`;
    case 'end-sessions':
      return `End all sessions of the ${step.of} ${step.name} until now (policy AWSRevokeOlderSessions).`;
  }
}

/** The lines of a plan. */
export function numbered(lines: readonly string[]): string {
  return lines.map((line, index) => `${String(index + 1).padStart(3)}. ${line}\n`).join('');
}
