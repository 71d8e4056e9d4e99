/** Accounts of GovCloud and China for the examples: each with a user, a device and a role of its own. */
import { randomBytes } from 'node:crypto';
import { type Account, build } from '../aws/index.ts';
import { allow, base32, TAKING_A_ROLE, trustWithMfa } from './policies.ts';

interface OtherPartitions {
  readonly accounts: readonly Account[];
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars: Readonly<Record<string, string>>;
}

const PARTITIONS = [
  { name: 'GOVCLOUD', partition: 'aws-us-gov', id: '777788889999' },
  { name: 'CHINA', partition: 'aws-cn', id: '888899990000' },
];

/** Makes both, with secrets that are made anew. */
export function otherPartitions(): OtherPartitions {
  const made = PARTITIONS.map(({ name, partition, id }) => {
    const key = { id: `AKIA${base32(16)}`, secret: randomBytes(30).toString('base64') };
    const seed = base32(64);
    const serial = `arn:${partition}:iam::${id}:mfa/ci`;
    const role = `arn:${partition}:iam::${id}:role/deploy`;
    const user = build.user({
      name: 'ci',
      accessKeys: [key],
      devices: [build.device({ serial, seed })],
      policies: [allow(TAKING_A_ROLE, role)],
    });
    const trustPolicy = trustWithMfa(`arn:${partition}:iam::${id}:root`);
    return {
      account: build.account({ id, partition, users: [user], roles: [build.role({ name: 'deploy', trustPolicy })] }),
      secrets: {
        [`${name}_ACCESS_KEY_ID`]: key.id,
        [`${name}_SECRET_ACCESS_KEY`]: key.secret,
        [`${name}_MFA_SEED`]: seed,
      },
      vars: { [`${name}_MFA_SERIAL`]: serial, [`${name}_ROLE_ARN`]: role },
    };
  });
  return {
    accounts: made.map(({ account }) => account),
    secrets: Object.assign({}, ...made.map(({ secrets }) => secrets)),
    vars: Object.assign({}, ...made.map(({ vars }) => vars)),
  };
}
