import { messageOf } from './core/failure.ts';
import type { Environment } from './core/ports.ts';
import { appendEntries, commandFile } from './github/command-file.ts';
import { guardOutput, leave, log } from './github/log.ts';
import { logProfileNotices, wordsFor } from './github/notices.ts';
import { parseUndo, STATE_NAME, type Undo, variablesToUndo, withoutForged } from './github/undo.ts';

/** The action's post step: undoes what the step exported. It warns and never fails, since cleaning up must not fail a job. */
async function post(): Promise<void> {
  const env: Environment = { ...process.env };
  const text = env[`STATE_${STATE_NAME}`] ?? '';
  if (text === '' || env['AWS_SKIP_CLEANUP_STEP'] === 'true') return;
  const undo = parseUndo(text);
  if (undo === undefined) return log.warning("The state left by the main step can't be read, so nothing was restored.");
  await undoVariables(undo, env);
  await undoProfiles(undo);
}

async function undoVariables({ variables, delimiter }: Undo, env: Environment): Promise<void> {
  const wanted = variablesToUndo(variables, env);
  const entries = variablesToUndo(withoutForged(variables, delimiter), env);
  for (const name of Object.keys(entries).filter((name) => entries[name] !== wanted[name]))
    log.warning(
      `${name} was emptied instead of restored: its previous value contains the delimiter of its own entry, so it was made to set other variables of the job.`,
    );
  const names = Object.keys(entries);
  if (names.length === 0) return;
  try {
    appendEntries(commandFile(env, 'GITHUB_ENV'), entries, delimiter);
    log.info(`Restored ${names.join(', ')}.`);
  } catch (error) {
    log.warning(
      `Couldn't restore ${names.join(', ')}. Exported credentials stay valid until the session expires. ${await wordsFor(error)}`,
    );
  }
}

async function undoProfiles({ profiles }: Undo): Promise<void> {
  if (profiles === undefined) return;
  try {
    const [{ removeProfiles }, { parseWrittenProfiles }] = await Promise.all([
      import('./profiles/removal.ts'),
      import('./profiles/written.ts'),
    ]);
    const written = parseWrittenProfiles(profiles);
    if (written === undefined)
      return log.warning("The state of the profile files can't be read, so the profiles were left there.");
    await logProfileNotices(await removeProfiles(written));
  } catch (error) {
    log.warning(
      `The profiles couldn't be removed (${messageOf(error)}). Their credentials stay valid until the session expires.`,
    );
  }
}

guardOutput();
post().finally(leave);
