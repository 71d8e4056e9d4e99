// Loaded before the action: names are looked up in the thread pool, as they are, and
// no server answers. TEST_FIFO names a FIFO that nobody writes to.

const dns = process.getBuiltinModule('node:dns');
const { readFile } = process.getBuiltinModule('node:fs');

const lookup = (): void => readFile(process.env['TEST_FIFO'] ?? '', () => undefined);
Object.assign(dns, { lookup });
