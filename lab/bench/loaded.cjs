// Preloaded with --require: when the action ends, it writes which files of dist/ and which built-in modules were loaded.
const { writeFileSync } = require('node:fs');

const atStart = new Set(process.moduleLoadList);
process.on('exit', () => {
  const builtins = process.moduleLoadList
    .filter((name) => !atStart.has(name))
    .map((name) => name.replace(/^NativeModule /, ''));
  const files = Object.keys(require.cache).filter((name) => name !== __filename);
  writeFileSync(process.env.LOADED_FILE, JSON.stringify({ builtins, files }));
});
