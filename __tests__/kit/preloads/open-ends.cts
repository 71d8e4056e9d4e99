// Loaded before the action: things that never end, each of which keeps a process
// alive. TEST_FIFO names a FIFO that nobody writes to.

const { connect, createServer } = process.getBuiltinModule('node:net');
const { spawn } = process.getBuiltinModule('node:child_process');
const { readFile } = process.getBuiltinModule('node:fs');
const { TEST_FIFO: fifo = '' } = process.env;

setInterval(() => undefined, 1000);
const server = createServer(() => undefined);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) connect(address.port, '127.0.0.1');
});
spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 10_000)'], { env: {}, stdio: 'ignore' });
// Four threads has the pool.
if (fifo !== '') for (let count = 0; count < 3; count += 1) readFile(fifo, () => undefined);
