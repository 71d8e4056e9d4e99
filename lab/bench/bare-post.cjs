// The least that a call over TLS can cost: Node, its https module, one POST and its response.
const { request } = require('node:https');

const body = 'Action=GetCallerIdentity&Version=2011-06-15';
const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) };
const call = request(process.argv[2], { method: 'POST', headers }, (answer) => {
  answer.resume();
});
call.end(body);
