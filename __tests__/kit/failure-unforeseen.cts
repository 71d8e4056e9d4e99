// Loaded into the action's process before it (`NODE_OPTIONS=--require`): something that nobody has thought of.

Object.assign(Date.prototype, {
  toISOString() {
    throw new RangeError('time is out of joint');
  },
});
