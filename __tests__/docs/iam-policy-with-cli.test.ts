import { expect, test } from '@jest/globals';
import { build, codeOfStep, type Emulator, stepAt } from '../../lab/aws/index.ts';
import { type Credentials, call, emulate, s3 } from '../aws/wire.ts';
import { fencesOf, read } from './markdown.ts';

// The policy that the AWS CLI gives the user in docs/iam.md, letter for letter, in a local AWS.

const TEXT = read('docs/iam.md');
const ACCOUNT = '111122223333';
const SERIAL = `arn:aws:iam::${ACCOUNT}:mfa/ci`;
const SEED = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const KEY = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };

/** What the shell writes into policy.json. */
function policyOf(document: string) {
  const commands = fencesOf(document).find(({ text }) => text.includes('> policy.json <<END'))?.text ?? '';
  const [, json = ''] = /<<END\n([\s\S]*?)\nEND\n/.exec(commands) ?? [];
  return JSON.parse(json.replaceAll('$account', ACCOUNT));
}

function accountWithThatUser(): Promise<Emulator> {
  const trustPolicy = JSON.parse(
    fencesOf(TEXT).find(({ headings }) => headings.at(-1) === "A role's trust policy")?.text ?? '',
  );
  const { account, bucket, device, role, user, world } = build;
  return emulate({
    world: world({
      accounts: [
        account({
          id: ACCOUNT,
          users: [
            user({
              name: 'ci',
              accessKeys: [{ id: KEY.accessKeyId, secret: KEY.secretAccessKey }],
              devices: [device({ serial: SERIAL, seed: SEED })],
              policies: [policyOf(TEXT)],
            }),
          ],
          roles: [role({ name: 'deploy', trustPolicy })],
          buckets: [bucket({ name: 'example-artifacts' })],
        }),
      ],
    }),
  });
}

async function session(emulator: Emulator): Promise<Credentials> {
  const mfa = { SerialNumber: SERIAL, TokenCode: codeOfStep(SEED, stepAt(Date.now())) };
  return (await call(emulator, KEY, 'GetSessionToken', mfa)).credentials;
}

test('the user may list buckets and assume its role with MFA, and nothing without', async () => {
  const emulator = await accountWithThatUser();
  const withMfa = await session(emulator);
  const deploy = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/deploy`, RoleSessionName: 'ci' };
  const statuses = async (keys: Credentials) => [
    (await s3(emulator, keys, '/')).status,
    (await call(emulator, keys, 'AssumeRole', deploy)).status,
  ];
  expect(await statuses(withMfa)).toEqual([200, 200]);
  expect(await statuses(KEY)).toEqual([403, 403]);
});
