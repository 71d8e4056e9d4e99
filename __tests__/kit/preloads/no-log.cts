// Loaded before the action: as soon as the variables are exported, nothing can be
// printed any more.

const fs = process.getBuiltinModule('node:fs');
const { appendFileSync } = fs;
fs.appendFileSync = (path, ...rest) => {
  appendFileSync(path, ...rest);
  if (path === process.env['GITHUB_ENV']) fs.closeSync(1);
};
