// Loaded before the action: puts its clock where a test wants it, and lets sleeps from a certain length on pass at once. The
// clock's offset is in a file that the emulator of the test reads, too, so that time goes on for both when a sleep is skipped.

const { readFileSync, renameSync, writeFileSync } = process.getBuiltinModule('node:fs');
const { TEST_CLOCK: file = '', TEST_SKIP_FROM: skipFrom = '', TEST_NAP: nap = '' } = process.env;

const RealDate = Date;
const offset = (): number => Number(readFileSync(file, 'utf8'));

const now = (): number => RealDate.now() + offset();
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, self) => Reflect.construct(target, given.length > 0 ? given : [now()], self),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});

/**
 * Deadlines, the SDK's and the action's own, are whole seconds, except for the 1.8 s in which the log must take the last lines. The
 * longest is 61 s. The command's naps are no deadlines: it looks at the clock every 5 s, in case the machine
 * was asleep. With TEST_NAP, the machine sleeps so many milliseconds in each of them. Nor is 31 s one: a device that is enabled at the
 * beginning of a step is tried after that.
 */
const isDeadline = (delay: number): boolean =>
  delay === 1800 || (delay % 1000 === 0 && delay <= 61_000 && delay !== 31_000 && !isNap(delay));
const isNap = (delay: number): boolean => nap !== '' && delay === 5000;

const realSetTimeout = globalThis.setTimeout;
globalThis.setTimeout = new Proxy(realSetTimeout, {
  apply(target, self, [callback, delay = 0, ...given]) {
    const skipped = skipFrom !== '' && delay >= Number(skipFrom) && !isDeadline(delay);
    if (!skipped) return Reflect.apply(target, self, [callback, delay, ...given]);
    const skip = (): void => {
      // In one step for whoever reads it.
      writeFileSync(`${file}.new`, String(offset() + (isNap(delay) ? Number(nap) : delay)));
      renameSync(`${file}.new`, file);
      callback(...given);
    };
    return Reflect.apply(target, self, [skip, 1]);
  },
});
