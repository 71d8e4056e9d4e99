import { findMissing, MISSING_HERE } from './platform.ts';

/** Refuses to test on another Node than the action's own. Children are started with `process.execPath`, so they agree. */
export default function globalSetup(): void {
  if (!process.versions.node.startsWith('24.')) {
    throw new Error(`the suite runs on Node 24 only, this is ${process.version}: use \`npm test\``);
  }
  process.stdout.write(`\nNode ${process.version} (${process.execPath})\n`);
  const missing = findMissing();
  process.env[MISSING_HERE] = JSON.stringify(missing);
  for (const reason of Object.values(missing)) process.stdout.write(`Some tests are skipped: ${reason}.\n`);
}
