import { describe, expect, test } from '@jest/globals';
import { DEMO } from '../../../lab/aws/index.ts';
import { operations, startJob, succeeded } from '../../kit/action.ts';
import { annotationOf, expectFailure } from '../../kit/annotation.ts';

const PAIR = `${DEMO.accessKeyId}:${DEMO.secretAccessKey}`;
const REGION = { 'aws-region': DEMO.region };

describe('a step with the access key in one value', () => {
  test('signs with it, and exports a session', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...REGION, 'aws-access-key': PAIR, 'mfa-serial': DEMO.serial, 'mfa-seed': DEMO.seed };
    const { exported } = await succeeded(job.step({ inputs }));
    expect(operations(emulator).toSorted()).toEqual(['GetCallerIdentity', 'GetSessionToken']);
    for (const call of emulator.calls) expect(call).toMatchObject({ accessKeyId: DEMO.accessKeyId, status: 200 });
    expect(exported['AWS_ACCESS_KEY_ID']).toMatch(/^ASIA/);
  });

  test('takes white space around it', async () => {
    const { job } = await startJob();
    const inputs = { ...REGION, 'aws-access-key': ` ${PAIR}\n`, 'mfa-serial': DEMO.serial, 'mfa-seed': DEMO.seed };
    await succeeded(job.step({ inputs }));
  });

  test('says what is wrong with it, and calls nothing', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...REGION, 'aws-access-key': DEMO.accessKeyId, 'mfa-seed': DEMO.seed };
    const result = await job.step({ inputs });
    expect(result.exitCode).toBe(1);
    expect(emulator.calls).toEqual([]);
    expectFailure(annotationOf(result), 'invalid-input', 'aws-access-key has an access key ID, but no secret');
  });

  test('fails like any other with a secret that is wrong', async () => {
    const { job } = await startJob();
    const pair = `${DEMO.accessKeyId}:notTheSecretOfThisKey`;
    const inputs = { ...REGION, 'aws-access-key': pair, 'mfa-serial': DEMO.serial, 'mfa-seed': DEMO.seed };
    expectFailure(annotationOf(await job.step({ inputs })), 'secret-key-wrong', 'SignatureDoesNotMatch');
  });
});
