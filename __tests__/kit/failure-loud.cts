// Loaded into the action's process before it (`NODE_OPTIONS=--require`): more lines than any pipe holds.

process.stdout.write(`${'a line of somebody else\n'.repeat(50_000)}`);
