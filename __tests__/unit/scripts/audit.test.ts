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

/** Runs the script with a registry that gives these answers, the first to the question itself. */
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

testNeeding('npm')('the audit passes where the registry knows of nothing', async () => {
  const { exitCode, printed } = await audit({ body: '{}', headers: JSON_TYPE });
  expect(printed).toBe('No vulnerability is known of the packages that the action brings along.\n');
  expect(exitCode).toBe(0);
});

testNeeding('npm')('the audit fails where a package of the action has a vulnerability', async () => {
  const body = JSON.stringify({ retry: [{ ...ADVISORY, vulnerable_versions: '<=0.12.0' }] });
  const { exitCode, printed } = await audit({ body, headers: JSON_TYPE }, { status: 404 });
  expect(printed).toContain('high: retry');
  expect(exitCode).toBe(1);
});

testNeeding('npm')('the audit says plainly that it got no answer', async () => {
  const { exitCode, printed } = await audit({ status: 405 });
  expect(printed).toContain('NOT AUDITED');
  expect(printed).toContain('405 Method Not Allowed');
  expect(exitCode).toBe(0);
});
