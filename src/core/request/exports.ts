import { isWritableName } from '../profile/name.ts';
import { quote, readBoolean } from './fields.ts';
import type { Problems, RawInputs } from './inputs.ts';

/** Where the credentials go, and what else becomes visible. */
export interface Exports {
  readonly environment: boolean;
  readonly outputs: boolean;
  readonly profile: { readonly name: string; readonly overwrite: 'refuse' | 'replace' } | undefined;
  readonly unsetCurrent: boolean;
  readonly maskAccount: boolean;
  readonly summary: boolean;
}

/** Reads where the credentials go. `checksOnly`: access is to be checked, so that exporting nothing makes sense. */
export function readExports(raw: RawInputs, checksOnly: boolean, problems: Problems): Exports {
  const profileName = readProfileName(raw, problems);
  const profileGiven = raw['aws-profile'] !== '';
  const overwrite = readBoolean(raw, 'overwrite-aws-profile', problems) ?? false;
  const environment = readBoolean(raw, 'output-env-credentials', problems) ?? !profileGiven;
  const outputs = readBoolean(raw, 'output-credentials', problems) ?? false;
  if (overwrite && !profileGiven)
    problems.add('overwrite-aws-profile', 'is true without aws-profile; name the profile, or leave it out');
  if (!environment && !outputs && !profileGiven && !checksOnly) {
    problems.add(
      'output-env-credentials',
      'is false, and neither output-credentials nor aws-profile is given: the credentials would go nowhere. Turn one of the three on',
    );
  }
  return {
    environment,
    outputs,
    profile: profileName === undefined ? undefined : { name: profileName, overwrite: overwrite ? 'replace' : 'refuse' },
    unsetCurrent: readBoolean(raw, 'unset-current-credentials', problems) ?? false,
    maskAccount: readBoolean(raw, 'mask-aws-account-id', problems) ?? false,
    summary: readBoolean(raw, 'summary', problems) ?? false,
  };
}

function readProfileName(raw: RawInputs, problems: Problems): string | undefined {
  const name = raw['aws-profile'];
  if (name === '') return undefined;
  if (name.length <= 128 && isWritableName(name)) return name;
  return problems.add(
    'aws-profile',
    `is ${quote(name)}; write up to 128 letters, digits and _@+.%:- (and neither DEFAULT nor __proto__)`,
  );
}
