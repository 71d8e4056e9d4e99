// Loaded before the action: something that nobody has thought of.

Object.assign(Date.prototype, {
  toISOString() {
    throw new RangeError('time is out of joint');
  },
});
