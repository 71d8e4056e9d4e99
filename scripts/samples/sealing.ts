import type { SEALING as Messages } from '../../src/inputs/messages/sessions.ts';
import type { Samples } from './sample.ts';

export const SEALING: Samples<keyof typeof Messages> = {
  'sealed-session-empty': [{ facts: {} }],
  'sealed-session-altered': [{ facts: {} }],
  'sealed-session-version': [{ facts: { found: '2', supported: 1 } }],
  'sealing-key-wrong': [{ facts: {} }],
  'sealed-session-elsewhere': [
    { facts: { scope: 'run', sealedFor: '1658821493', here: '1658821494' } },
    { facts: { scope: 'repository', sealedFor: 'octo-org/octo-repo', here: 'octo-org/fork' } },
    { facts: { scope: 'partition', sealedFor: 'aws-cn', here: 'aws' } },
  ],
  'sealed-session-expired': [
    { facts: { expiration: new Date('2026-09-01T13:00:12Z'), secondsLeft: -73, minimumSeconds: 300 } },
    { facts: { expiration: new Date('2026-09-01T13:00:12Z'), secondsLeft: 212, minimumSeconds: 300 } },
  ],
  'sealed-session-masked': [{ facts: { attempts: 100 } }],
};
