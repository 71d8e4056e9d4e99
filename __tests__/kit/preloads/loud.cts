// Loaded before the action: more lines than any pipe holds.

process.stdout.write(`${'a line of somebody else\n'.repeat(50_000)}`);
