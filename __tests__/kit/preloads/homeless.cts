// Loaded before the action: a user without a home folder, as a container has that
// runs under a user ID without a name. Where HOME is set, it is not asked for.

Object.assign(process.getBuiltinModule('node:os'), {
  homedir() {
    throw new Error('A system error occurred: uv_os_homedir returned ENOENT (no such file or directory)');
  },
});
