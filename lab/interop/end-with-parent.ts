// Ends a process when its standard input does: however its parent goes, a server does not outlive it. For `node --import`.
process.stdin.on('end', () => process.exit()).resume();
