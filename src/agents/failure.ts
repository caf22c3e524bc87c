import { oneLine, shorten } from '../lib/text.ts';
import type { FailureClass } from '../state/tasks.ts';
import type { Signal } from './adapter.ts';

const LINE = 200;

/** Words for a limit that ends by itself. */
const LIMIT =
  /\b429\b|rate.?limit|usage limit|too many requests|hit your .{0,30}limit|quota (?:was )?(?:exceeded|exhausted)|exceeded your current quota|resource.?exhausted/iu;

/** Words for when a limit ends: at a time of day, or after a while. */
const RESETS =
  /\b(?:resets?|try again|retry|available again)(?<when> (?:(?:at|in|after) )?(?:[A-Z][a-z]{2}[a-z]* \d{1,2}(?:[a-z]{2})?,? (?:at )?)?\d[^·\n]*)/iu;

/** Words for the other kinds of failure, the most definite first; where they come from is in test/agents/failure.test.ts. */
const WORDS: readonly (readonly [FailureClass, RegExp])[] = [
  [
    'credit',
    /credit balance is too low|insufficient.(?:quota|credits?|funds)|payment.required|\b402\b|out of credits?|check your plan and billing/iu,
  ],
  [
    'login',
    /\b40[13]\b.{0,40}(?:unauthorized|forbidden|auth|key|permission)|not (?:logged|signed) in|(?:invalid|incorrect|missing|expired).(?:api.?key|token|credential|authentication)|api.?key.(?:not.valid|is.missing|expired)|unauthenticated|(?:log|sign) in (?:again|first)|run \/login|status (?:401|403)\b/iu,
  ],
  [
    'overloaded',
    /\b(?:500|502|503|504|529)\b|overloaded|server.?error|service.?unavailable|high demand|(?:no|at) capacity|try again later|UNAVAILABLE\b/iu,
  ],
  [
    'network',
    /\b(?:ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EPIPE)\b|connection (?:error|refused|reset|closed|dropped|timed)|unable to connect|fetch failed|socket hang up|stream (?:disconnected|closed)|error sending request|network (?:error|is)|\bdns\b/iu,
  ],
];

/** An address and the path of a file: what numbers and letters these hold says nothing of the failure. */
const ADDRESS = /\bhttps?:\/\/\S+/gu;
const PATH = /(?<![\w/])(?:~|\.{1,2})?\/[^\s/'",;:)\]]+\/[^\s'",;:)\]]*/gu;

/** The kind of a failure, by the words that tell of it. */
const classOfWords = (words: string): FailureClass => WORDS.find(([, pattern]) => pattern.test(words))?.[0] ?? 'agent';

/** The words for when a limit ends; null when there are none. */
export const resetsIn = (words: string): string | null => {
  const when = RESETS.exec(words)?.groups?.['when'];
  return when === undefined ? null : shorten(oneLine(when).replace(/^at /u, ''), LINE);
};

/** What a turn that ended with these words has come to: at a limit of the account it rests, with anything else it failed. */
export const failureIn = (text: string, message = text): Signal => {
  const words = text.replaceAll(ADDRESS, '').replaceAll(PATH, '');
  const said = shorten(oneLine(message), LINE);
  const resets = resetsIn(words);
  // A used-up quota that says when it is there again is a limit, and one without that may be a matter of money.
  if (LIMIT.test(words) && (resets !== null || classOfWords(words) !== 'credit'))
    return { kind: 'limited', message: said, resets };
  return { kind: 'failed', class: classOfWords(words), message: said };
};
