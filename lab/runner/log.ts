/** A workflow command found in what a step printed. */
export interface Command {
  readonly name: string;
  readonly message: string;
}

/** A step's standard output in the workflow log, and the commands in it. */
export interface StepLog {
  /** The lines that a person sees, with secrets replaced. */
  readonly lines: readonly string[];
  readonly commands: readonly Command[];
}

const LABELS: Readonly<Record<string, string>> = { error: 'Error: ', warning: 'Warning: ', notice: 'Notice: ' };

/**
 * Processes output as the runner does: finds the commands, `::name::message` at the start of a line and the old `##[name]message`
 * anywhere, adds masks to `masks`, and masks everything after them.
 */
export function readLog(output: string, masks: Set<string>, debug: boolean): StepLog {
  const lines: string[] = [];
  const commands: Command[] = [];
  for (const line of output.split(/\r?\n/)) {
    const command = parseCommand(line);
    if (command === undefined) {
      if (line !== '') lines.push(hide(line, masks));
      continue;
    }
    commands.push(command);
    if (command.name === 'add-mask') {
      for (const secret of command.message.split(/\r?\n/)) if (secret !== '') masks.add(secret);
    } else if (command.name === 'debug') {
      if (debug) lines.push(hide(`##[debug]${command.message}`, masks));
    } else {
      lines.push(...hide(`${LABELS[command.name] ?? `[${command.name}] `}${command.message}`, masks).split('\n'));
    }
  }
  return { lines, commands };
}

/** Replaces masked values, longest first, as the runner does. */
export function hide(text: string, masks: ReadonlySet<string>): string {
  let hidden = text;
  for (const secret of [...masks].sort((a, b) => b.length - a.length)) hidden = hidden.replaceAll(secret, '***');
  return hidden;
}

function parseCommand(line: string): Command | undefined {
  const current = /^\s*::([a-z-]+)(?: [^:]*)?::(.*)$/.exec(line);
  if (current?.[1] !== undefined) return { name: current[1], message: decodeMessage(current[2] ?? '') };
  const old = /##\[([a-z-]+)(?: [^\]]*)?\](.*)$/.exec(line);
  return old?.[1] === undefined ? undefined : { name: old[1], message: decodeMessage(old[2] ?? '') };
}

function decodeMessage(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
