// Plain English, as far as a machine can judge it: the stilted patterns of the first texts, and what to write instead.

/** Something that nobody writes, and better words for it. */
interface Pattern {
  readonly finds: RegExp;
  readonly better: string;
}

/** A pattern that was found, and the words around it. */
export interface Finding {
  readonly words: string;
  readonly better: string;
}

const PATTERNS: readonly Pattern[] = [
  { finds: /(?<!\bthere )\b(?:is|are|was|were) no (?!longer\b|more\b)/gi, better: "isn't a" },
  { finds: /\bbut for (?!example\b|instance\b)/gi, better: 'except' },
  { finds: /\basked for\b|\bas asked\b/gi, better: 'requested' },
  { finds: /\bbeside\b/gi, better: 'next to, along with' },
  {
    finds:
      /\b(?:one|jobs|codes|names|buckets|\d[\d,]*) an? (?:line|page|device|job|user)\b(?! (?:can|has|is|serves)\b)/gi,
    better: 'per',
  },
  {
    finds: /\bof (?:its|their|your|our|one's) own\b(?! (?!and\b|or\b|that\b|which\b|with\b|in\b|for\b|around\b)\w)/gi,
    better: 'its own, separate',
  },
  { finds: /\bat (?:one|the same) moment\b/gi, better: 'at the same time' },
  { finds: /\bbetween commas\b/gi, better: 'comma-separated' },
  { finds: /\bbelongs? into\b/gi, better: 'belongs in' },
  { finds: /\bgo(?:es)? on from\b/gi, better: 'continues from' },
  { finds: /\bhand(?:s|ed|ing)? (?:\w+ )?(?:over|to)\b/gi, better: 'passes, exports' },
  { finds: /\bmend(?:s|ed|ing)?\b/gi, better: 'fixes' },
  { finds: /\bshall\b/gi, better: 'should, must' },
  { finds: /\bstands? (?:in|on|at|behind|between|there|around)\b/gi, better: 'is' },
  { finds: /\ba text (?!editor\b|file\b)/gi, better: 'a string' },
  { finds: /\btold\b/gi, better: 'shown, said' },
  { finds: /(?:^|[.!?] |")Default (?!is\b)/gm, better: '"Defaults to …" or "Default: …"' },
];

/** A place, or a verb of knowing, just before "where". */
const PLACE_BEFORE =
  /\b(?:(?:places?|locations?|folders?|director(?:y|ies)|files?|paths?|pages?|sections?|lists?|machines?|repositor(?:y|ies)),?|from|know|knows|see|sees|show|shows|say|says|find out|decides?|that's|that is|this is) $/i;

/** "stays where it is", "where to add what" */
const PLACE_AFTER =
  /^ (?:to (?:add|find|look|put)\b|(?:it|they|you) (?:is|are|was|were|belongs?|lives?)(?= now\b|\s*(?:[.,;:)|]|$)))/i;

const QUESTION = /^[^.!?]*\?/;

/** The label of a field of the bug report. */
const LABELS = ['Where it runs'];

/** What isn't idiomatic in a text: the patterns, and "where" for "if" or "when". */
export function stilted(text: string): readonly Finding[] {
  const found = PATTERNS.flatMap(({ finds, better }) =>
    [...text.matchAll(finds)].map(({ index, 0: match }) => ({ words: around(text, index, match.length), better })),
  );
  const conditions = [...text.matchAll(/\bwhere\b/gi)]
    .filter(({ index }) => !isOfAPlace(text, index))
    .map(({ index, 0: match }) => ({ words: around(text, index, match.length), better: 'if, when' }));
  return [...found, ...conditions];
}

function isOfAPlace(text: string, index: number): boolean {
  const [before, rest] = [text.slice(Math.max(0, index - 30), index), text.slice(index)];
  const after = rest.slice('where'.length);
  const isAsked = rest.startsWith('Where') && QUESTION.test(after);
  return (
    PLACE_BEFORE.test(before) || PLACE_AFTER.test(after) || isAsked || LABELS.some((label) => rest.startsWith(label))
  );
}

function around(text: string, index: number, length: number): string {
  return text
    .slice(Math.max(0, index - 40), index + length + 40)
    .replaceAll(/\s+/g, ' ')
    .trim();
}
