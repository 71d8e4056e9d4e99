import { describe, expect, test } from '@jest/globals';
import { build, codeOfStep, DEMO, demoWorld, type MfaDevice, type World } from '../../../lab/aws/index.ts';
import { jobFor, KEYS, operations, startJob, succeeded } from '../../kit/action.ts';
import { annotationOf, expectFailure } from '../../kit/annotation.ts';

const INPUTS = { 'aws-region': 'us-east-1', ...KEYS };
const SERIAL = 'arn:aws:iam::111122223333:mfa/ci';
const SECOND_SERIAL = 'arn:aws:iam::111122223333:mfa/ci-2';
const SECOND_SEED = 'MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK';
const TOKEN = { serial: 'GAHT12345678', seed: DEMO.seed };

function worldWithDevices(devices: readonly Pick<MfaDevice, 'serial' | 'seed'>[]): World {
  const world = demoWorld();
  for (const user of world.accounts.flatMap(({ users }) => users)) user.devices = devices.map(build.device);
  return world;
}

describe('a step without a serial', () => {
  test("asks IAM for the user's device, and then goes on as with one", async () => {
    const { emulator, job } = await startJob();
    const { outputs } = await succeeded(job.step({ inputs: { ...INPUTS, 'mfa-seed': DEMO.seed } }));
    const [first, ...rest] = operations(emulator);
    expect(first).toBe('ListMFADevices');
    expect(emulator.calls[0]?.params).toEqual({ Action: 'ListMFADevices', Version: '2010-05-08' });
    expect(rest.toSorted()).toEqual(['GetCallerIdentity', 'GetSessionToken']);
    expect(outputs['mfa-serial']).toBe(SERIAL);
  });

  test('looks past a security key, which no API call can use', async () => {
    const world = demoWorld();
    const [user] = world.accounts[0]?.users ?? [];
    user?.securityKeys.push({ serial: 'arn:aws:iam::111122223333:u2f/user/ci/blue-ABCDEFGHIJKLMNOP' });
    const { job } = await startJob({ world });
    const { outputs } = await succeeded(job.step({ inputs: { ...INPUTS, 'mfa-seed': DEMO.seed } }));
    expect(outputs['mfa-serial']).toBe(SERIAL);
  });

  test('takes a hardware token that it finds', async () => {
    const { job } = await startJob({ world: worldWithDevices([TOKEN]) });
    const { outputs } = await succeeded(job.step({ inputs: { ...INPUTS, 'mfa-seed': DEMO.seed } }));
    expect(outputs['mfa-serial']).toBe('GAHT12345678');
  });

  test('does not guess among several, and names them', async () => {
    const { emulator, job } = await startJob({
      world: worldWithDevices([
        { serial: SERIAL, seed: DEMO.seed },
        { serial: SECOND_SERIAL, seed: SECOND_SEED },
      ]),
    });
    const result = await job.step({ inputs: { ...INPUTS, 'mfa-seed': DEMO.seed } });
    expect(result.exitCode).toBe(1);
    expect(operations(emulator)).toEqual(['ListMFADevices']);
    expectFailure(annotationOf(result), 'mfa-device-not-found', 'mfa-serial', SERIAL, SECOND_SERIAL);
  });
});

describe('a pool of devices', () => {
  const world = () =>
    worldWithDevices([
      { serial: SERIAL, seed: DEMO.seed },
      { serial: SECOND_SERIAL, seed: SECOND_SEED },
    ]);
  const POOL = { ...INPUTS, 'mfa-devices': `\n${SERIAL} ${DEMO.seed}\n  ${SECOND_SERIAL}\t${SECOND_SEED}  \n` };

  test('serves a step with a code of one of them, and tells which', async () => {
    const { emulator, job } = await startJob({ world: world() });
    const { outputs } = await succeeded(job.step({ inputs: POOL }));
    const [judgement] = emulator.calls.flatMap(({ mfa }) => mfa ?? []);
    expect([SERIAL, SECOND_SERIAL]).toContain(outputs['mfa-serial']);
    expect(judgement).toMatchObject({ serial: outputs['mfa-serial'], verdict: 'accepted' });
  });

  test('has both seeds masked, each by itself, and not the serials', async () => {
    const { job } = await startJob({ world: world() });
    const { commands } = await succeeded(job.step({ inputs: POOL }));
    const masks = commands.filter(({ name }) => name === 'add-mask').map(({ message }) => message);
    expect(masks).toEqual(expect.arrayContaining([DEMO.seed, SECOND_SEED]));
    expect(masks.filter((mask) => mask.includes('\n') || mask.includes('mfa/ci'))).toEqual([]);
  });

  test('may have colons instead of spaces, and masks the seeds all the same', async () => {
    const pool = `${SERIAL}:${DEMO.seed}\n${SECOND_SERIAL}:${SECOND_SEED} # the second`;
    const { job } = await startJob({ world: world() });
    const { commands, outputs } = await succeeded(job.step({ inputs: { ...INPUTS, 'mfa-devices': pool } }));
    expect([SERIAL, SECOND_SERIAL]).toContain(outputs['mfa-serial']);
    const masks = commands.filter(({ name }) => name === 'add-mask').map(({ message }) => message);
    expect(masks).toEqual(expect.arrayContaining([DEMO.seed, SECOND_SEED]));
    expect(masks).not.toContain(SERIAL);
  });

  test('may have comments', async () => {
    const pool = `# both of them\n${SERIAL} ${DEMO.seed} # the first\n# ${SECOND_SERIAL} ${SECOND_SEED}\n`;
    const { job } = await startJob({ world: world() });
    const { commands, outputs } = await succeeded(job.step({ inputs: { ...INPUTS, 'mfa-devices': pool } }));
    expect(outputs['mfa-serial']).toBe(SERIAL);
    const masks = commands.filter(({ name }) => name === 'add-mask').map(({ message }) => message);
    expect(masks).toEqual(expect.arrayContaining([DEMO.seed, `${DEMO.seed} # the first`, SECOND_SEED]));
  });

  test('goes on to the other device where one is used up', async () => {
    const { emulator, job } = await startJob({ world: world() });
    const [user] = emulator.world.accounts[0]?.users ?? [];
    const [first] = user?.devices ?? [];
    if (first !== undefined) first.budget = 0;
    const { outputs } = await succeeded(job.step({ inputs: POOL }));
    expect(outputs['mfa-serial']).toBe(SECOND_SERIAL);
  });

  test('is shared out among the jobs of a matrix', async () => {
    const { emulator, job } = await startJob({ world: world() });
    const first = await succeeded(job.step({ inputs: { ...POOL, 'mfa-slot': '0/2' } }));
    const second = await succeeded(jobFor(emulator).step({ inputs: { ...POOL, 'mfa-slot': '1/2' } }));
    expect([first, second].map(({ outputs }) => outputs['mfa-serial'])).toEqual([SERIAL, SECOND_SERIAL]);
  });
});

describe('mfa-slot', () => {
  test('lets no two jobs of a matrix send the same step of a device', async () => {
    const { emulator } = await startJob();
    const inputs = { ...INPUTS, 'mfa-serial': SERIAL, 'mfa-seed': DEMO.seed };
    const jobs = [0, 1, 2].map((index) => jobFor(emulator).step({ inputs: { ...inputs, 'mfa-slot': `${index}/3` } }));
    for (const running of jobs) await succeeded(running);
    const judgements = emulator.calls.flatMap(({ mfa }) => mfa ?? []);
    expect(judgements.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(judgements.map(({ step = 0 }) => step % 3).toSorted()).toEqual([0, 1, 2]);
  });

  test('of one job is all of the steps', async () => {
    const { job } = await startJob();
    const inputs = { ...INPUTS, 'mfa-serial': SERIAL, 'mfa-seed': DEMO.seed, 'mfa-slot': '0/1' };
    expect((await job.step({ inputs })).exitCode).toBe(0);
  });
});

describe('one code', () => {
  test.each([
    ['in two groups', (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`],
    ['with a hyphen', (code: string) => `${code.slice(0, 3)}-${code.slice(3)}`],
  ])('is sent as six digits where it is written %s', async (_, write) => {
    const { emulator, job } = await startJob();
    const code = codeOfStep(DEMO.seed, Math.floor(Date.now() / 30_000));
    await succeeded(job.step({ inputs: { ...INPUTS, 'mfa-serial': SERIAL, 'mfa-code': write(code) } }));
    expect(emulator.calls.flatMap(({ params }) => params['TokenCode'] ?? [])).toEqual([code]);
  });
});

describe('a seed', () => {
  test.each([
    ['in lower case with spaces', 'gezd gnbv gy3t qojq gezd gnbv gy3t qojq gezd gnbv gy3t qojq gezd gnbv gy3t qojq'],
    ['with hyphens and padding', 'GEZDGNBV-GY3TQOJQ-GEZDGNBV-GY3TQOJQ-GEZDGNBV-GY3TQOJQ-GEZDGNBV-GY3TQOJQ===='],
    ['wrapped in base64, as IAM hands it out', Buffer.from(DEMO.seed).toString('base64')],
    [
      'as an otpauth URI',
      `otpauth://totp/Amazon%20Web%20Services:ci@111122223333?secret=${DEMO.seed}&issuer=Amazon%20Web%20Services&algorithm=SHA1&digits=6&period=30`,
    ],
    ['as a QR reader prints it', `QR-Code:otpauth://totp/AWS #1:ci?SECRET=${DEMO.seed}&amp;algorithm=`],
    ['as Apple writes it', `apple-otpauth://totp/AWS?:ci?secret=${DEMO.seed}&algorithm=HmacSHA1`],
    ['in base64 that ends in a newline', Buffer.from(`${DEMO.seed}\n`).toString('base64')],
  ])('is read %s, and masked so and as plain Base32', async (_, seed) => {
    const { emulator, job } = await startJob();
    const result = await succeeded(job.step({ inputs: { ...INPUTS, 'mfa-serial': SERIAL, 'mfa-seed': seed } }));
    expect(emulator.calls.flatMap(({ mfa }) => mfa?.verdict ?? [])).toEqual(['accepted']);
    const masks = result.commands.map(({ message }) => message);
    expect(masks).toEqual(expect.arrayContaining([seed, DEMO.seed, DEMO.seed.toLowerCase()]));
  });
});
