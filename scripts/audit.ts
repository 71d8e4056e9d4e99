/**
 * `npm run audit`: fails where npm knows of a vulnerability in a package that the action brings along. Not every registry answers
 * that question (a mirror often does not); then it says so, since nothing was found out, and does not fail.
 */
import { spawnSync } from 'node:child_process';

/** What `npm audit --json` prints; or, where the registry gave no answer, why. */
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
    return { message: `npm printed no JSON: ${stdout.slice(0, 200)}` };
  }
}

const { vulnerabilities, message, error } = askNpm();
if (vulnerabilities === undefined) {
  const why = message || error?.summary || 'npm says no more';
  console.log(`NOT AUDITED: the registry was asked for known vulnerabilities and gave no answer (${why}).`);
} else {
  const found = Object.entries(vulnerabilities);
  for (const [name, { severity, range }] of found) console.error(`${severity}: ${name} ${range}`.trimEnd());
  if (found.length === 0) console.log('No vulnerability is known of the packages that the action brings along.');
  else console.error('Update what is named, or see `npm audit --omit=dev` for the ways out.');
  process.exitCode = found.length === 0 ? 0 : 1;
}
