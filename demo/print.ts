import { styleText } from 'node:util';

/** A line between two parts of the demo. */
export function heading(text: string): string {
  return `\n${styled('bold', text)}\n${'─'.repeat(Math.max(60, text.length))}`;
}

/** Emphasis where the terminal shows it; plain text in a pipe or a log. */
export function styled(style: 'bold' | 'dim', text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** Each line two spaces further in. */
export function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
