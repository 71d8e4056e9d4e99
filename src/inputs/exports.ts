import type { Exports } from '../core/request.ts';
import { isWritableName } from '../profiles/writable.ts';
import { isTrue, readBoolean, readChoice } from './fields.ts';
import type { RawInputs } from './names.ts';
import type { Problems } from './problem.ts';

/** Reads where the credentials go. Nowhere is fine: the outputs still say whose they are. */
export function readExports(raw: RawInputs, problems: Problems): Exports {
  const renews = isTrue(raw, 'renew');
  const named = readProfileName(raw, problems);
  const profileGiven = raw['aws-profile'] !== '' || raw.roles !== '' || renews;
  const location = readChoice(raw, 'profiles-location', problems);
  const profilesLocation = raw['profiles-location'] === '' && renews ? 'temp' : (location ?? 'home');
  if (profilesLocation === 'temp' && !profileGiven)
    problems.add('profiles-location', 'only-with', { any: ['aws-profile', 'roles'] });
  const overwrite = isTrue(raw, 'overwrite-aws-profile', problems);
  return {
    environment: readBoolean(raw, 'output-env-credentials', problems) ?? !profileGiven,
    outputs: isTrue(raw, 'output-credentials', problems),
    // Roles that are renewed have their own use of the name.
    profile: renews ? undefined : named,
    overwrite: overwrite && profileGiven ? 'replace' : 'refuse',
    profilesLocation,
    unsetCurrent: isTrue(raw, 'unset-current-credentials', problems),
    maskAccount: isTrue(raw, 'mask-aws-account-id', problems),
    summary: isTrue(raw, 'summary', problems),
  };
}

function readProfileName(raw: RawInputs, problems: Problems): string | undefined {
  const value = raw['aws-profile'];
  if (value === '') return undefined;
  return isProfileName(value) ? value : problems.add('aws-profile', 'profile-name', { value });
}

/** Whether a profile may have this name. */
export function isProfileName(name: string): boolean {
  return name.length <= 128 && isWritableName(name);
}
