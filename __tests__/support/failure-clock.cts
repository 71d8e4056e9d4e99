// Loaded into the action's process before it (`NODE_OPTIONS=--require`): puts its clock where a test wants it, and lets long
// sleeps pass at once. The clock's offset stands in a file that the emulator of the test reads too, so that time goes on for
// both when a sleep is skipped.

const { readFileSync, writeFileSync } = process.getBuiltinModule('node:fs');
const { TEST_CLOCK: file = '', TEST_SKIP_FROM: from = '', TEST_SKIP_TO: to = '' } = process.env;

const RealDate = Date;
const realNow = Date.now;
const offset = (): number => Number(readFileSync(file, 'utf8'));

Date.now = () => realNow() + offset();
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, self) => Reflect.construct(target, given.length > 0 ? given : [Date.now()], self),
});

const realSetTimeout = globalThis.setTimeout;
globalThis.setTimeout = new Proxy(realSetTimeout, {
  apply(target, self, [callback, delay = 0, ...given]) {
    const skipped = from !== '' && delay >= Number(from) && delay <= Number(to);
    if (!skipped) return Reflect.apply(target, self, [callback, delay, ...given]);
    const skip = (): void => {
      writeFileSync(file, String(offset() + delay));
      callback(...given);
    };
    return Reflect.apply(target, self, [skip, 1]);
  },
});
