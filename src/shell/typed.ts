import { addAbortSignal } from 'node:stream';
import type { ReadStream } from 'node:tty';

const CTRL_C = '\x03';
const CTRL_D = '\x04';
const DELETED = ['\x7f', '\b'];

/** What a person types or pastes until Ctrl+D, after the prompt. Nothing of it is shown. Ctrl+C sends SIGINT, as usual. */
export async function readTyped(terminal: ReadStream, signal: AbortSignal, prompt: () => void): Promise<string> {
  // In this mode, keys are neither shown nor turned into signals. It must end before this process does.
  terminal.setRawMode(true);
  prompt();
  let text = '';
  for await (const chunk of addAbortSignal(signal, terminal).setEncoding('utf8')) {
    for (const key of String(chunk)) {
      if (DELETED.includes(key)) text = text.slice(0, -1);
      else if (key !== CTRL_C && key !== CTRL_D) text += key === '\r' ? '\n' : key;
      else {
        terminal.setRawMode(false);
        if (key === CTRL_D) return text;
        // To all of the terminal's foreground programs, as the terminal itself does.
        process.kill(0, 'SIGINT');
      }
    }
  }
  return text;
}
