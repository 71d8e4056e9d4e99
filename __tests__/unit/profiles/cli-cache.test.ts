import { describe, expect, test } from '@jest/globals';
import { cacheNameOf } from '../../../src/profiles/cli-cache.ts';

const DEPLOY = {
  roleArn: 'arn:aws:iam::111122223333:role/deploy',
  sourceProfile: 'deploy-mfa-session',
  sessionName: 'GitHubActions',
  externalId: undefined,
  durationSeconds: 3600,
};

describe('the name of a session in the cache of the AWS CLI', () => {
  // Computed by Python: hashlib.sha1(json.dumps(parameters, sort_keys=True).encode()).hexdigest()
  test.each([
    [{}, '89fc71003ccef48f8f317cd1e31acb225b249cd7'],
    [{ durationSeconds: 900, sessionName: 'a=b,c.d@e-f' }, '39eba17dbc616e56182a74bb588953ade2734ca5'],
    [{ externalId: 'team:blue/a+b=c,d.e@f-g' }, 'f9967a14d812f726e52a3a5b0b4fea89ed81a299'],
  ])('is that of botocore for %j', (given, name) => {
    expect(cacheNameOf({ ...DEPLOY, ...given })).toBe(name);
  });
});
