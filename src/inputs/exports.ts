import type { Exports } from '../core/request.ts';
import { quote } from '../core/words.ts';
import { readBoolean } from './fields.ts';
import type { Problems, RawInputs } from './names.ts';
import { profileNameProblem } from './profile-name.ts';

/** Reads where the credentials go. Nowhere is fine: the outputs still say whose they are. */
export function readExports(raw: RawInputs, problems: Problems): Exports {
  const profile = readProfileName(raw, problems);
  const profileGiven = raw['aws-profile'] !== '' || raw.roles !== '';
  const profilesLocation = readLocation(raw, profileGiven, problems);
  const overwrite = readBoolean(raw, 'overwrite-aws-profile', problems) ?? false;
  const environment = readBoolean(raw, 'output-env-credentials', problems) ?? !profileGiven;
  const outputs = readBoolean(raw, 'output-credentials', problems) ?? false;
  return {
    environment,
    outputs,
    profile,
    overwrite: overwrite && profileGiven ? 'replace' : 'refuse',
    profilesLocation,
    unsetCurrent: readBoolean(raw, 'unset-current-credentials', problems) ?? false,
    maskAccount: readBoolean(raw, 'mask-aws-account-id', problems) ?? false,
    summary: readBoolean(raw, 'summary', problems) ?? false,
  };
}

function readLocation(raw: RawInputs, profileGiven: boolean, problems: Problems): Exports['profilesLocation'] {
  const text = raw['profiles-location'];
  if (text !== '' && text !== 'home' && text !== 'temp')
    problems.add('profiles-location', `is ${quote(text)}; write home or temp`);
  if (text === 'temp' && !profileGiven)
    problems.add('profiles-location', 'is given without aws-profile or roles; name a profile, or leave it out');
  return text === 'temp' ? 'temp' : 'home';
}

function readProfileName(raw: RawInputs, problems: Problems): string | undefined {
  const name = raw['aws-profile'];
  if (name === '') return undefined;
  const problem = profileNameProblem(name);
  return problem === undefined ? name : problems.add('aws-profile', `is ${problem}`);
}
