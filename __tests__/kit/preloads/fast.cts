// Loaded before the action: what would wait for two seconds or more waits for a
// thirtieth of that. The deadlines of a step are as they are, only sooner.

const SPEED = 30;
const FROM_MS = 2000;

const realSetTimeout = globalThis.setTimeout;
globalThis.setTimeout = new Proxy(realSetTimeout, {
  apply: (target, self, [callback, delay = 0, ...given]) =>
    Reflect.apply(target, self, [callback, delay < FROM_MS ? delay : delay / SPEED, ...given]),
});
