// Loaded into the action's process before it (`NODE_OPTIONS=--require`): puts its clock where a test wants it, and lets sleeps
// from a length on pass at once. The clock's offset stands in a file that the emulator of the test reads too, so that time
// goes on for both when a sleep is skipped.

const { readFileSync, renameSync, writeFileSync } = process.getBuiltinModule('node:fs');
const { TEST_CLOCK: file = '', TEST_SKIP_FROM: skipFrom = '' } = process.env;

const RealDate = Date;
const realNow = Date.now;
const offset = (): number => Number(readFileSync(file, 'utf8'));

Date.now = () => realNow() + offset();
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, self) => Reflect.construct(target, given.length > 0 ? given : [Date.now()], self),
});

/**
 * Deadlines, the SDK's and the action's own, are whole seconds, but for the 1.8 s in which the log must take the last lines; a sleep
 * longer than the longest of them (61 s) is none.
 */
const isDeadline = (delay: number): boolean => delay === 1800 || (delay % 1000 === 0 && delay <= 61_000);

const realSetTimeout = globalThis.setTimeout;
globalThis.setTimeout = new Proxy(realSetTimeout, {
  apply(target, self, [callback, delay = 0, ...given]) {
    const skipped = skipFrom !== '' && delay >= Number(skipFrom) && !isDeadline(delay);
    if (!skipped) return Reflect.apply(target, self, [callback, delay, ...given]);
    const skip = (): void => {
      // In one step for whoever reads it.
      writeFileSync(`${file}.new`, String(offset() + delay));
      renameSync(`${file}.new`, file);
      callback(...given);
    };
    return Reflect.apply(target, self, [skip, 1]);
  },
});
