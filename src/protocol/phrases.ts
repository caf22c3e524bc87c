/** Words that say how something is said, not what: as data, like the lexicon. */
const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const POLITE_PHRASES = [
  "please|pls|plz|kindly|can you|could you|would you|will you|can we|could we|let us|let's|lets|go ahead and",
  "now|hey|hi|hello|ok|okay|only|i want to|i want you to|i would like to|i would like you to|i'd like to",
  "i'd like you to|i need to|i need you to|we need to",
].join('|');
/** What may stand before a command without changing it, by the first word, the longest first. */
export const POLITE: ReadonlyMap<string, readonly (readonly string[])[]> = Map.groupBy(
  POLITE_PHRASES.split('|')
    .map((phrase) => phrase.split(' '))
    .toSorted((a, b) => b.length - a.length),
  ([first = '']) => first,
);
/** Words of thanks, which end a sentence and mean nothing. */
export const THANKS: ReadonlySet<string> = words('please pls plz thanks thank-you thx kindly');
/** Words between others that the grammar skips. */
export const FILLERS: ReadonlySet<string> = words(
  'the a an me us my our currently just only whole entire called named number that-are which-are who-are that-is which-is for-me for-us please pls plz thanks thank-you thx',
);
/** Words that ask for haste: with `stop` they mean `force`. */
export const URGENT: ReadonlySet<string> = words(
  'now immediately right-now at-once right-away straight-away asap as-soon-as-possible',
);
/** Names of the program itself, which may come before a command. */
export const PROGRAMS: ReadonlySet<string> = words('drover cc-orchestrator');

/** Words of growth before what is made: `two more agents`, `a new task`. */
export const GROWING: ReadonlySet<string> = words('new more another additional extra further');
/** Verbs that make something, of which there may be more. */
export const GROWING_VERBS: ReadonlySet<string> = words('launch scale create');

/** Words that turn a command's sense around or make it depend on something: a line with one is refused. */
export const NEGATIONS: ReadonlySet<string> = words('not dont never unless if when whenever cannot');

/** Words that are never a name unless they are quoted: somebody means something else by them. */
export const NO_NAMES: ReadonlySet<string> = words(
  [
    'no none nothing nobody neither nor without instead rather it them they this that these those him her',
    'someone somebody something anyone anybody anything both some many most few several half first second third',
    'once twice again later soon today tonight tomorrow yesterday always maybe perhaps until till while because since',
    'before during so then else or plus minus through thru me you he she there here should must shall is are was were',
    'did does do has have had been ones mode',
  ].join(' '),
);

/** Numbers in letters, as far as people write them. */
export const NUMBERS: Readonly<Record<string, number>> = Object.fromEntries(
  'zero one two three four five six seven eight nine ten eleven twelve'.split(' ').map((word, at) => [word, at]),
);

/** Verbs for which these alone are clear enough: nothing else they know can be the next or the last one. */
export const CLEAR_ALONE: Readonly<Record<string, readonly string[]>> = {
  tell: ['all', 'other'],
  run: ['next'],
  rollback: ['last'],
  // Nothing is lost by it, whatever it is that goes on.
  resume: ['all'],
};

/** Of each set at most one may be said. */
export const CONTRADICTIONS: readonly (readonly string[])[] = [
  ['graceful', 'force'],
  ['ours', 'theirs', 'union', 'auto'],
  ['rw', 'read-only'],
  ['parallel', 'sequential'],
  ['backup', 'primary'],
  ['beast-mode', 'safe-mode', 'review-mode', 'tdd-mode'],
];
