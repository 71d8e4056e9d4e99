// Loaded before the action: a standard output that takes commands, and no line of
// the log.

const { stdout } = process;
const write = stdout.write.bind(stdout);

Object.assign(stdout, {
  write(text: string, ...rest: []) {
    if (!text.startsWith('::') && text.trim() !== '') throw new Error('EIO: i/o error, write');
    return write(text, ...rest);
  },
});
