import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { DEMO } from '../../lab/aws/index.ts';

// What `npm run demo` prints.

let output: string;
let scenes: readonly string[];

beforeAll(() => {
  const demo = join(__dirname, '../../lab/demo/demo.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, [demo], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  expect([stderr, status]).toEqual(['', 0]);
  output = stdout;
  scenes = stdout.split(/\n(?=── \d of 6: )/).slice(1);
});

describe('the demo', () => {
  test('has six scenes, each with one verdict', () => {
    expect(scenes).toHaveLength(6);
    for (const scene of scenes)
      expect(scene.match(/^[✔✘].*/gm)).toEqual([expect.stringMatching(/^✔ As promised: .+\.$/)]);
    expect(output).toMatch(/\n6 of 6 scenes are as promised \(Node v24\.[\d.]+\)\.\n/);
  });

  test('fits each on one screen', () => {
    for (const scene of scenes) {
      const lines = scene.split('\n\n')[0]?.split('\n') ?? [];
      expect(lines.length).toBeLessThanOrEqual(24);
      // A URL stays in one piece, so that it can be clicked.
      const words = lines.filter((line) => !line.includes('https://'));
      expect(Math.max(...words.map((line) => line.length))).toBeLessThanOrEqual(100);
    }
  });

  test('shows the summary as a table, without markup', () => {
    expect(scenes[0]).toMatch(/^│ Identity +│ arn:aws:iam::111122223333:user\/ci +│$/m);
    expect(output).not.toMatch(/<code>|\*\*\w|&#\d|\|---|\| :--/);
  });

  test('shows one failure', () => {
    const failures = scenes.filter((scene) => scene.includes('Error: '));
    expect(failures).toEqual([scenes[4]]);
    // The wrong device, then the right one.
    expect(failures[0]?.split('Error: ')[1]).toMatch(/mfa\/ci-phone[\s\S]*mfa\/ci\b(?!-)/);
  });

  test('shows that twenty programs share one code', () => {
    expect(scenes[5]).toMatch(/20 × aws-mfa-credentials credential-process[\s\S]*AssumeRole 200 \(code accepted\)/);
  });

  test('shows no secrets', () => {
    for (const secret of [DEMO.seed, DEMO.secretAccessKey, DEMO.accessKeyId]) expect(output).not.toContain(secret);
  });
});
