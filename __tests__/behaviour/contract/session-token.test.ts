import { describe, expect, test } from '@jest/globals';
import { build, codeOfStep, demoWorld, stepAt, type World } from '../../../lab/aws/index.ts';
import { operations, SESSION, startJob, succeeded, withoutTimes } from '../../kit/action.ts';
import { naming } from '../../kit/annotation.ts';

/** The demo world, whose user holds a hardware token instead. */
function worldWithHardwareToken(): World {
  const world = demoWorld();
  for (const user of world.accounts.flatMap(({ users }) => users)) {
    user.devices = [build.device({ serial: 'GAHT12345678', seed: SESSION['mfa-seed'] })];
  }
  return world;
}

describe('a step without a role', () => {
  test('asks for a session token and who the user is, and nothing else', async () => {
    const { emulator, job } = await startJob();
    await succeeded(job.step({ inputs: SESSION }));
    const calls = emulator.calls.map(({ service, accessKeyId, region, params, status }) => ({
      service,
      accessKeyId,
      region,
      params,
      status,
    }));
    const signed = { service: 'sts', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', region: 'us-east-1', status: 200 };
    expect(calls).toHaveLength(2);
    expect(calls).toContainEqual({
      ...signed,
      params: {
        Action: 'GetSessionToken',
        Version: '2011-06-15',
        SerialNumber: 'arn:aws:iam::111122223333:mfa/ci',
        TokenCode: expect.stringMatching(/^\d{6}$/),
        DurationSeconds: '3600',
      },
    });
    expect(calls).toContainEqual({ ...signed, params: { Action: 'GetCallerIdentity', Version: '2011-06-15' } });
  });

  test('sends one code, of a step next to now, and is served by it', async () => {
    const { emulator, job } = await startJob();
    await succeeded(job.step({ inputs: SESSION }));
    const judgements = emulator.calls.flatMap(({ mfa }) => mfa ?? []);
    expect(judgements.map(({ verdict }) => verdict)).toEqual(['accepted']);
    const distance = (judgements[0]?.step ?? 0) - stepAt(Date.now());
    expect(Math.abs(distance)).toBeLessThanOrEqual(2);
  });

  test('asks both questions at one time, so that the step takes as long as the slower', async () => {
    const { emulator, job } = await startJob({ latencyMs: 400 });
    await succeeded(job.step({ inputs: SESSION }));
    const [first, second] = emulator.calls;
    expect(operations(emulator).toSorted()).toEqual(['GetCallerIdentity', 'GetSessionToken']);
    // Whoever waits for an answer before asking again arrives 400 ms later at the earliest.
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(300);
  });

  test('exports the session and the region, and no more', async () => {
    const { job } = await startJob();
    const { exported } = await succeeded(job.step({ inputs: SESSION }));
    expect(exported).toEqual({
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      AWS_SECRET_ACCESS_KEY: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
      AWS_SESSION_TOKEN: expect.stringMatching(/^IQoJb3JpZ2luX2Vj[A-Za-z0-9+/]{300,}$/),
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
    });
  });

  test('sets outputs without the credentials', async () => {
    const { emulator, job } = await startJob();
    const { outputs } = await succeeded(job.step({ inputs: SESSION }));
    expect(outputs).toEqual({
      'aws-account-id': '111122223333',
      'authenticated-arn': 'arn:aws:iam::111122223333:user/ci',
      'aws-expiration': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
      'mfa-serial': 'arn:aws:iam::111122223333:mfa/ci',
    });
    const lifetime = Date.parse(outputs['aws-expiration'] ?? '') - (emulator.calls[0]?.at ?? 0);
    expect(lifetime).toBeGreaterThan(3_598_900);
    expect(lifetime).toBeLessThan(3_600_100);
  });

  test('tells in three lines who, with which device, until when, and what was exported', async () => {
    const { job } = await startJob();
    const { lines, stderr, summary } = await succeeded(job.step({ inputs: SESSION }));
    expect(withoutTimes(lines)).toEqual([
      naming('arn:aws:iam::111122223333:user/ci', 'arn:aws:iam::111122223333:mfa/ci'),
      naming('TIME', '1 hour'),
      naming('AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_DEFAULT_REGION'),
    ]);
    expect(stderr).toBe('');
    expect(summary).toBe('');
  });

  test('takes a session of up to 36 hours', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...SESSION, 'session-duration-seconds': '129600' };
    const { lines } = await succeeded(job.step({ inputs }));
    const call = emulator.calls.find(({ operation }) => operation === 'GetSessionToken');
    expect(call?.params['DurationSeconds']).toBe('129600');
    expect(withoutTimes(lines)[1]).toEqual(naming('TIME', '36 hours'));
  });

  test('takes the number on a hardware token for a serial', async () => {
    const { emulator, job } = await startJob({ world: worldWithHardwareToken() });
    const { outputs } = await succeeded(job.step({ inputs: { ...SESSION, 'mfa-serial': 'GAHT12345678' } }));
    expect(outputs['mfa-serial']).toBe('GAHT12345678');
    expect(emulator.calls.flatMap(({ mfa }) => mfa?.serial ?? [])).toEqual(['GAHT12345678']);
  });

  test('sends one code that was made elsewhere as it is', async () => {
    const { emulator, job } = await startJob();
    const code = codeOfStep(SESSION['mfa-seed'], stepAt(Date.now()));
    const { 'mfa-seed': _, ...inputs } = SESSION;
    await succeeded(job.step({ inputs: { ...inputs, 'mfa-code': code } }));
    const call = emulator.calls.find(({ operation }) => operation === 'GetSessionToken');
    expect(call?.params['TokenCode']).toBe(code);
  });
});
