import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { closeAfterTest } from '../../kit/action.ts';
import { testNeeding } from '../../kit/platform.ts';
import { type StubAnswer, stubServer } from '../../kit/stub-server.ts';

const ADVISORY = {
  id: 1,
  url: 'https://github.com/advisories/GHSA-xxxx-xxxx-xxxx',
  title: 'It is bad',
  severity: 'high',
};

const JSON_TYPE = { 'content-type': 'application/json' };

/** Runs the script with a registry that gives these answers, the first one to the question itself. */
async function audit(
  ...answers: readonly StubAnswer[]
): Promise<{ readonly exitCode: number | null; readonly printed: string }> {
  const registry = await stubServer(answers);
  closeAfterTest(() => registry.close());
  const child = spawn(process.execPath, [join(__dirname, '../../../scripts/audit.ts')], {
    env: { ...process.env, npm_config_registry: registry.endpoint, npm_config_fetch_retries: '0' },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      printed += String(chunk);
    });
  }
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exitCode, printed };
}

testNeeding('npm')('the audit passes if there are no known vulnerabilities', async () => {
  const { exitCode, printed } = await audit({ body: '{}', headers: JSON_TYPE });
  expect(printed).toBe('There are no known vulnerabilities in bundled packages.\n');
  expect(exitCode).toBe(0);
});

testNeeding('npm')('the audit fails if a bundled package has a vulnerability', async () => {
  const body = JSON.stringify({ jose: [{ ...ADVISORY, vulnerable_versions: '<=6.2.18' }] });
  const { exitCode, printed } = await audit({ body, headers: JSON_TYPE }, { status: 404 });
  expect(printed).toContain('high: jose');
  expect(exitCode).toBe(1);
});

testNeeding('npm')('the audit says if the registry doesn’t answer', async () => {
  const { exitCode, printed } = await audit({ status: 405 });
  expect(printed).toContain('NOT AUDITED');
  expect(printed).toContain('405 Method Not Allowed');
  expect(exitCode).toBe(0);
});
