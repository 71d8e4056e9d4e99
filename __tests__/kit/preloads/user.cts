// Loaded before the action: the system knows TEST_HOME as the user's home folder.

const os = process.getBuiltinModule('node:os');
const { userInfo } = os;

Object.assign(os, { userInfo: () => ({ ...userInfo(), homedir: process.env['TEST_HOME'] }) });
