import type { Samples } from './sample.ts';

export const SEALING: Samples<
  | 'sealed-session-empty'
  | 'sealed-session-altered'
  | 'sealed-session-version'
  | 'sealing-key-wrong'
  | 'sealed-session-elsewhere'
  | 'sealed-session-expired'
  | 'sealed-session-masked'
> = {
  'sealed-session-empty': [{ facts: 'The sealed session is empty.' }],
  'sealed-session-altered': [{ facts: 'The sealed session is not the text that was sealed.' }],
  'sealed-session-version': [{ facts: 'The sealed session has version 2, and this action opens version 1.' }],
  'sealing-key-wrong': [{ facts: 'The session was sealed with another sealing-key than the one given here.' }],
  'sealed-session-elsewhere': [
    { facts: 'The session was sealed for the workflow run 1658821493, and this is the run 1658821494.' },
  ],
  'sealed-session-expired': [{ facts: 'The sealed session ended at 2026-09-01T13:00:12Z.' }],
  'sealed-session-masked': [
    {
      facts:
        'This step masks a text so short that it occurs in each of 100 ways to seal the session, and GitHub drops an output that masking changes.',
    },
  ],
};
