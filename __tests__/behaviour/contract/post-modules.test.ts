import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ACTION, SESSION, startJob, succeeded } from '../../kit/action.ts';
import { preloadingFile } from '../../kit/preload.ts';

/** Writes down, when the process ends, which built-in modules and which files it has loaded. */
const REPORTER = `process.on('exit', () => {
  const report = { builtIn: process.moduleLoadList, files: Object.keys(require.cache) };
  require('node:fs').writeFileSync(process.env.MODULE_REPORT, JSON.stringify(report));
});`;

interface Loaded {
  readonly builtIn: readonly string[];
  /** The files of dist/. */
  readonly files: readonly string[];
}

/** What the post step of a use of the action loads, or its main step. */
async function loadedBy(step: 'main' | 'post', inputs: Readonly<Record<string, string>>): Promise<Loaded> {
  const { job } = await startJob();
  const reporter = join(job.temp, 'reporter.cjs');
  const report = join(job.temp, 'report.json');
  writeFileSync(reporter, REPORTER);
  // The post step writes its report over the one of the main step.
  const env = { ...preloadingFile(reporter), MODULE_REPORT: report };
  await succeeded(job.step({ inputs, env }));
  if (step === 'post') await job.post();
  const { builtIn, files }: Loaded = JSON.parse(readFileSync(report, 'utf8'));
  return {
    builtIn: builtIn.map((name) => name.replace('NativeModule ', '')),
    files: files.filter((path) => dirname(path) === join(ACTION, 'dist')).map((path) => basename(path)),
  };
}

const NETWORK = ['http', 'https', 'http2', 'tls', 'internal/deps/undici/undici', 'child_process'];

describe('the post step', () => {
  test('loads one file, and nothing that speaks to a network', async () => {
    const { builtIn, files } = await loadedBy('post', SESSION);
    expect(files).toEqual(['post.js']);
    expect(builtIn).toEqual(expect.arrayContaining(['fs']));
    for (const name of NETWORK) expect(builtIn).not.toContain(name);
  });

  test('has the AWS SDK in none of the files that it loads, with a profile to remove either', async () => {
    const { builtIn, files } = await loadedBy('post', { ...SESSION, 'aws-profile': 'ci' });
    expect(files.length).toBeGreaterThan(1);
    for (const name of NETWORK) expect(builtIn).not.toContain(name);
    for (const name of files) {
      const text = readFileSync(join(ACTION, 'dist', name), 'utf8');
      for (const mark of ['aws-sdk', 'smithy', 'AWS4-HMAC-SHA256', 'GetSessionToken', 'sts.amazonaws']) {
        expect(text).not.toContain(mark);
      }
    }
  });
});

describe('the main step', () => {
  test('loads what is for renewal only with `renew`', async () => {
    // Each stands in the text of one part of it.
    const marks = ['-mfa-session', 'only be renewed while', 'AWS_SDK_LOAD_CONFIG', 'session-not-renewing'];
    const partsIn = (files: readonly string[]): readonly string[] => {
      const texts = files.map((name) => readFileSync(join(ACTION, 'dist', name), 'utf8'));
      return marks.filter((mark) => texts.some((text) => text.includes(mark)));
    };
    const plain = await loadedBy('main', SESSION);
    expect(partsIn(plain.files)).toEqual([]);
    const renewing = await loadedBy('main', { ...SESSION, 'role-to-assume': 'deploy', renew: 'true' });
    expect(partsIn(renewing.files)).toEqual(marks);
  });
});
