// Loaded before the action: no name resolves but this machine's own.

const dns = process.getBuiltinModule('node:dns');
const realLookup = dns.lookup;

Object.assign(dns, {
  lookup(hostname: string, ...rest: readonly unknown[]) {
    if (hostname === 'localhost') return Reflect.apply(realLookup, dns, [hostname, ...rest]);
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), {
      code: 'ENOTFOUND',
      syscall: 'getaddrinfo',
      hostname,
    });
    const callback = rest.at(-1);
    if (typeof callback === 'function') process.nextTick(callback, error);
  },
});
