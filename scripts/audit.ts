/**
 * `npm run audit`: fails if npm knows of a vulnerability in a bundled package. Some registries, often mirrors, can't answer that. Then
 * it says so, and doesn't fail.
 */
import { spawnSync } from 'node:child_process';

/** What `npm audit --json` prints: the vulnerabilities, or why the registry didn't answer. */
interface Audit {
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string; readonly range: string }>>;
  readonly message?: string;
  readonly error?: { readonly summary?: string };
}

function askNpm(): Audit {
  const npm = process.env['npm_execpath'];
  if (npm === undefined) throw new Error('npm did not start this: run `npm run audit`');
  const args = [npm, 'audit', '--omit=dev', '--omit=optional', '--json'];
  const { stdout, error } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (error) throw error;
  try {
    return JSON.parse(stdout);
  } catch {
    return { message: `npm didn't print JSON: ${stdout.slice(0, 200)}` };
  }
}

const { vulnerabilities, message, error } = askNpm();
if (vulnerabilities === undefined) {
  const why = message || error?.summary || 'npm gives no reason';
  console.log(`NOT AUDITED: the registry didn't answer when asked about known vulnerabilities (${why}).`);
} else {
  const found = Object.entries(vulnerabilities);
  for (const [name, { severity, range }] of found) console.error(`${severity}: ${name} ${range}`.trimEnd());
  if (found.length === 0) console.log('There are no known vulnerabilities in bundled packages.');
  else console.error('Update these packages, or run `npm audit --omit=dev` for advice.');
  process.exitCode = found.length === 0 ? 0 : 1;
}
