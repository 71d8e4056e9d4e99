import { describe, expect, test } from '@jest/globals';
import { DEMO, type Emulator } from '../../../lab/aws/index.ts';
import { succeeded } from '../../kit/action.ts';
import { DAY_MS, KEY, startRotating, TOKEN } from '../../kit/rotation.ts';
import { expectNoSecretIn } from '../../kit/secrets.ts';

/** The calls that change something in IAM. */
function changes({ calls }: Emulator): readonly string[] {
  return calls
    .map(({ operation }) => operation)
    .filter((name) => /^(?:Create|Update|Delete|Enable|Deactivate)/.test(name));
}

const OLD = { id: 'AKIAOLDOLDOLDOLDOLD1', secret: 'TheSecretAccessKeyThatWasReplaced0000001' };

describe('one run takes one step:', () => {
  test('a key that is young enough stays', async () => {
    const { rotate, emulator, secret } = await startRotating({ keys: [{ ageDays: 59 }] });
    const { lines, outputs, summary, exported, state } = await succeeded(rotate());
    expect(lines).toEqual([
      `The access key ${DEMO.accessKeyId} is 59 days old (the one in the secret).`,
      'Nothing to do: the access key is replaced after 2026-09-02T12:00:00Z.',
    ]);
    expect(outputs).toEqual({
      rotated: 'unchanged',
      'key-age-days': '59',
      next: 'Nothing to do: the access key is replaced after 2026-09-02T12:00:00Z.',
    });
    expect({ summary, exported, state }).toEqual({ summary: '', exported: {}, state: {} });
    expect(changes(emulator)).toEqual([]);
    // A run that was asleep for longer can't change anything any more.
    expect(emulator.calls[0]?.params).toMatchObject({ DurationSeconds: '900' });
    expect(secret()).toBe(KEY);
  });

  test('a key that is due is replaced: the secret holds a new one that works, and the old one still does', async () => {
    const { rotate, emulator, user, secret } = await startRotating();
    const { lines, outputs } = await succeeded(rotate());
    const [old, made] = user.accessKeys;
    expect(changes(emulator)).toEqual(['CreateAccessKey']);
    expect(secret()).toBe(`${made?.id}:${made?.secret}`);
    expect(old).toMatchObject({ id: DEMO.accessKeyId });
    expect(old?.inactive).not.toBe(true);
    expect(lines.at(-1)).toBe(`AWS_ACCESS_KEY now holds the access key ${made?.id}. The old one still works.`);
    expect(outputs).toMatchObject({ rotated: 'replaced', 'key-age-days': '61' });
    // The next run gets the new key.
    const next = await succeeded(rotate({ 'aws-access-key': secret() ?? '' }));
    expect(next.outputs).toMatchObject({ rotated: 'unchanged', 'key-age-days': '0' });
    expect(next.lines.at(-1)).toContain(`${DEMO.accessKeyId} was replaced. It stays active until`);
  });

  test('a key that was replaced and that nothing uses is deactivated', async () => {
    const { rotate, user } = await startRotating({ keys: [{ ageDays: 2 }, { ...OLD, ageDays: 63 }] });
    const { outputs } = await succeeded(rotate());
    expect(outputs).toMatchObject({ rotated: 'deactivated', 'key-age-days': '2' });
    expect(user.accessKeys.map(({ id, inactive }) => [id, inactive ?? false])).toEqual([
      [DEMO.accessKeyId, false],
      [OLD.id, true],
    ]);
  });

  test('and deleted when nothing has needed it for a week', async () => {
    const { rotate, user } = await startRotating({ keys: [{ ageDays: 9 }, { ...OLD, ageDays: 70, inactive: true }] });
    expect((await succeeded(rotate())).outputs).toMatchObject({ rotated: 'deleted' });
    expect(user.accessKeys.map(({ id }) => id)).toEqual([DEMO.accessKeyId]);
  });

  test('a key that an unfinished run left is discarded', async () => {
    const { rotate, user, secret } = await startRotating({ keys: [{ ageDays: 62 }, { ...OLD, ageDays: 1 }] });
    const { outputs } = await succeeded(rotate());
    expect(outputs).toMatchObject({
      rotated: 'discarded',
      next: 'The access key is due: create a new one, try it, and write it to AWS_ACCESS_KEY.',
    });
    expect(user.accessKeys.map(({ id }) => id)).toEqual([DEMO.accessKeyId]);
    expect(secret()).toBe(KEY);
  });

  test('the device is replaced with devices: true, and the new one works', async () => {
    const { rotate, emulator, secret, user, github } = await startRotating({
      keys: [{ ageDays: 5 }],
      writtenDaysAgo: 3,
      change: ({ devices }) => {
        for (const device of devices) Object.assign(device, { enabledAt: Date.UTC(2025, 0, 1) });
      },
    });
    const { outputs } = await succeeded(rotate({ devices: 'true' }));
    expect(outputs['rotated']).toBe('replaced');
    const device = user.devices.find(({ serial }) => serial.endsWith('/ci-2'));
    expect(secret('AWS_MFA_DEVICE')).toBe(`${device?.serial} ${device?.seed}`);
    expect(github.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
    // The old one stays for jobs that have it.
    expect(user.devices.map(({ serial }) => serial)).toEqual([DEMO.serial, `${DEMO.serial}-2`]);
    expect(changes(emulator)).toEqual(['CreateVirtualMFADevice', 'EnableMFADevice']);
  });

  test('in an environment, under other names', async () => {
    const { rotate, github, now } = await startRotating({ writtenDaysAgo: undefined });
    const vault = github.stores.vault({ kind: 'environment', of: 'octo-org/octo-repo', environment: 'production' });
    vault.store('KEY', KEY, now() - 61 * DAY_MS);
    await succeeded(rotate({ environment: 'production', 'key-secret': 'KEY' }));
    expect(vault.value('KEY')).toMatch(/^AKIA/);
    expect(vault.value('KEY')).not.toBe(KEY);
  });

  test('with status: true, nothing', async () => {
    const { rotate, emulator, secret, github } = await startRotating();
    const { lines, outputs } = await succeeded(rotate({ status: 'true' }));
    expect(lines.at(-1)).toBe('Next: The access key is due: create a new one, try it, and write it to AWS_ACCESS_KEY.');
    expect(outputs['rotated']).toBe('unchanged');
    expect(changes(emulator)).toEqual([]);
    expect(github.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(secret()).toBe(KEY);
  });
});

describe('what a person has to do is an error, and in the job summary:', () => {
  test('a second key that no rotation made', async () => {
    const { rotate, emulator } = await startRotating({ keys: [{ ageDays: 61 }, { ...OLD, ageDays: 30 }] });
    const { exitCode, commands, outputs, summary } = await rotate();
    expect(exitCode).toBe(1);
    expect(commands.filter(({ name }) => name === 'error')).toEqual([
      {
        name: 'error',
        message: expect.stringContaining(
          `No rotation with these settings created the access key ${OLD.id} (never used)`,
        ),
      },
    ]);
    expect(outputs['rotated']).toBe('unchanged');
    expect(summary).toContain('### Rotation of AWS keys');
    expect(summary).toContain(OLD.id);
    expect(changes(emulator)).toEqual([]);
  });

  test('a key that nears its limit because something still uses the old one', async () => {
    const { rotate } = await startRotating({
      keys: [{ ageDays: 8 }, { ...OLD, ageDays: 30 }],
      change: (user) => {
        const [, old] = user.accessKeys;
        Object.assign(old ?? {}, {
          uses: [{ at: Date.UTC(2026, 8, 1, 6), region: 'us-east-1', service: 'sts' }],
        });
      },
    });
    const { exitCode, commands } = await rotate({ 'max-age-days': '15', 'limit-days': '20' });
    expect(exitCode).toBe(1);
    expect(commands.find(({ name }) => name === 'error')?.message).toMatch(
      /reaches the age of 20 days on .*, but something still uses it/,
    );
  });

  test.each([
    [6, 'error', 1],
    [20, 'warning', 0],
    [22, undefined, 0],
  ] as const)('a token that writes secrets and expires in %s days: %s', async (days, level, expected) => {
    const { rotate } = await startRotating({
      keys: [{ ageDays: 5 }],
      token: { expiresAt: Date.UTC(2026, 8, 1, 12) + days * DAY_MS },
    });
    const { exitCode, commands, summary } = await rotate();
    expect(exitCode).toBe(expected);
    const said = commands.filter(({ name }) => name === 'error' || name === 'warning');
    expect(said.map(({ name }) => name)).toEqual(level === undefined ? [] : [level]);
    expect(summary.includes('The token that writes the secrets expires on')).toBe(level !== undefined);
  });

  test('no secret is in the log, the outputs or the summary', async () => {
    const { rotate, user } = await startRotating({ token: { expiresAt: Date.UTC(2026, 8, 3) } });
    const { stdout, stderr, outputs, summary } = await rotate();
    const secrets = [TOKEN, DEMO.seed, ...user.accessKeys.map(({ secret }) => secret)];
    expect(summary).not.toBe('');
    const shown = stdout.replaceAll(/^::add-mask::.*$/gm, '');
    expectNoSecretIn([shown, stderr, JSON.stringify(outputs), summary].join('\n'), secrets, 'the step');
  });
});
