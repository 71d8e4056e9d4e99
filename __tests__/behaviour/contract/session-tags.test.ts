import { describe, expect, test } from '@jest/globals';
import { type Call, demoWorld, type Emulator } from '../../../lab/aws/index.ts';
import { operations, SESSION, startJob, succeeded } from '../../kit/action.ts';

const ROLE = { ...SESSION, 'role-to-assume': 'arn:aws:iam::111122223333:role/deploy' };

/** The session tags of a call, in the order in which they were sent. */
function tagsOf(call: Call | undefined): readonly (readonly [string, string])[] {
  const params = call?.params ?? {};
  const tags: [string, string][] = [];
  for (let number = 1; params[`Tags.member.${number}.Key`] !== undefined; number += 1) {
    tags.push([params[`Tags.member.${number}.Key`] ?? '', params[`Tags.member.${number}.Value`] ?? '']);
  }
  return tags;
}

function transitiveKeysOf({ calls }: Emulator): readonly string[] {
  return Object.entries(calls[0]?.params ?? {})
    .filter(([name]) => name.startsWith('TransitiveTagKeys.member.'))
    .map(([, key]) => key);
}

describe('session tags', () => {
  test("are those that configure-aws-credentials sets, and the run's context after them", async () => {
    const { emulator, job } = await startJob();
    await succeeded(job.step({ inputs: ROLE }));
    expect(tagsOf(emulator.calls[0])).toEqual([
      ['GitHub', 'Actions'],
      ['Repository', 'octo-org/octo-repo'],
      ['Workflow', 'Deploy'],
      ['Action', '__octo-org_aws-mfa-credentials'],
      ['Actor', 'octocat'],
      ['Commit', 'ffac537e6cbbf934b08745a378932722df287a53'],
      ['Branch', 'refs/heads/main'],
      ['EventName', 'push'],
      ['RunId', '1658821493'],
      ['Job', 'deploy'],
      ['TriggeringActor', 'octocat'],
    ]);
  });

  test('name the branches of a pull request', async () => {
    const { emulator, job } = await startJob({
      env: { GITHUB_EVENT_NAME: 'pull_request', GITHUB_BASE_REF: 'main', GITHUB_HEAD_REF: 'feature/x' },
    });
    await succeeded(job.step({ inputs: ROLE }));
    expect(tagsOf(emulator.calls[0]).slice(7, 11)).toEqual([
      ['EventName', 'pull_request'],
      ['BaseRef', 'main'],
      ['HeadRef', 'feature/x'],
      ['RunId', '1658821493'],
    ]);
  });

  test('have _ for every character that STS refuses, and end after 256', async () => {
    const { emulator, job } = await startJob({
      env: { GITHUB_WORKFLOW: 'Déploy [prod] & test, ☂', GITHUB_ACTOR: 'dependabot[bot]', GITHUB_REF: 'b'.repeat(300) },
    });
    await succeeded(job.step({ inputs: ROLE }));
    const tags = new Map(tagsOf(emulator.calls[0]));
    expect(tags.get('Workflow')).toBe('Déploy _prod_ _ test_ _');
    expect(tags.get('Actor')).toBe('dependabot_bot_');
    expect(tags.get('Branch')).toBe('b'.repeat(256));
  });

  test('are left out where the runner says nothing', async () => {
    const { emulator, job } = await startJob({ env: { GITHUB_WORKFLOW: '', GITHUB_REF: '', GITHUB_RUN_ID: '' } });
    await succeeded(job.step({ inputs: ROLE }));
    const keys = tagsOf(emulator.calls[0]).map(([key]) => key);
    for (const key of ['Workflow', 'Branch', 'RunId']) expect(keys).not.toContain(key);
  });

  test('are none with role-skip-session-tagging', async () => {
    const { emulator, job } = await startJob();
    await succeeded(job.step({ inputs: { ...ROLE, 'role-skip-session-tagging': 'true' } }));
    expect(tagsOf(emulator.calls[0])).toEqual([]);
    expect(Object.keys(emulator.calls[0]?.params ?? {}).filter((name) => name.includes('Tag'))).toEqual([]);
  });

  test('can be added with custom-tags, texts, numbers and booleans alike', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...ROLE, 'custom-tags': '{"Team": "web", "Cost Centre": 4711, "Urgent": true}' };
    await succeeded(job.step({ inputs }));
    expect(tagsOf(emulator.calls[0]).slice(-3)).toEqual([
      ['Team', 'web'],
      ['Cost Centre', '4711'],
      ['Urgent', 'true'],
    ]);
  });

  test('can be transitive, custom ones and the own ones', async () => {
    const { emulator, job } = await startJob();
    const inputs = { ...ROLE, 'custom-tags': '{"Team": "web"}', 'transitive-tag-keys': 'Team\nRepository, HeadRef' };
    await succeeded(job.step({ inputs }));
    // HeadRef is no tag outside pull requests.
    expect(transitiveKeysOf(emulator)).toEqual(['Team', 'Repository']);
  });

  test('are what a trust policy can test', async () => {
    const world = demoWorld();
    const [role] = world.accounts[0]?.roles ?? [];
    if (role === undefined) throw new Error('the demo world has a role');
    role.trustPolicy = {
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: {
          StringEquals: {
            'aws:RequestTag/Repository': 'octo-org/octo-repo',
            'aws:RequestTag/Branch': 'refs/heads/main',
          },
        },
      },
    };
    const { job } = await startJob({ world });
    await succeeded(job.step({ inputs: ROLE }));
    const { job: other } = await startJob({ world, env: { GITHUB_REF: 'refs/heads/other' } });
    expect((await other.step({ inputs: ROLE })).exitCode).toBe(1);
  });
});

describe('session tags that are too large', () => {
  test('are sent once more without the optional ones and with another code', async () => {
    const world = { ...demoWorld(), packedSizeLimit: 240 };
    const { emulator, job } = await startJob({ world });
    const { lines } = await succeeded(job.step({ inputs: { ...ROLE, 'custom-tags': '{"Team": "web"}' } }));
    expect(operations(emulator)).toEqual(['AssumeRole', 'AssumeRole']);
    expect(emulator.calls.map(({ errorCode }) => errorCode)).toEqual(['PackedPolicyTooLarge', undefined]);
    const [first, second] = emulator.calls;
    expect(tagsOf(first).map(([key]) => key)).toContain('RunId');
    expect(tagsOf(second).map(([key]) => key)).toEqual([
      'GitHub',
      'Repository',
      'Workflow',
      'Action',
      'Actor',
      'Commit',
      'Branch',
      'Team',
    ]);
    expect(first?.mfa?.step).not.toBe(second?.mfa?.step);
    expect(emulator.calls.map(({ mfa }) => mfa?.verdict)).toEqual(['accepted', 'accepted']);
    expect(lines[0]).toContain('tags');
  });

  test('are sent no third time', async () => {
    const { emulator, job } = await startJob({ world: { ...demoWorld(), packedSizeLimit: 50 } });
    const { exitCode, exported } = await job.step({ inputs: ROLE });
    expect(exitCode).toBe(1);
    expect(exported).toEqual({});
    expect(operations(emulator)).toEqual(['AssumeRole', 'AssumeRole']);
  });
});
