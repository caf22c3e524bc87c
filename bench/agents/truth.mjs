/**
 * What was true, from what was seen of it. A fact is `{at, kind}`, `at` in milliseconds since 1970:
 *   begun, ready       its program was started; it takes prompts
 *   works, asks, rests what it does
 *   limited, leaving   its account is used up; it was told to leave
 *   frozen, thawed     its process is stopped by a signal, or goes on
 *   ended              its program has ended; `as` is `stopped` or `failed`
 */
const MEANING = {
  begun: 'starting',
  ready: 'idle',
  works: 'working',
  asks: 'waiting',
  rests: 'idle',
  limited: 'limited',
  leaving: 'stopping',
};

/** The states in force, each from its `at` on, in order; two in a row differ. */
export const foldFacts = (facts) => {
  const states = [];
  let doing = 'starting';
  let frozen = false;
  const put = (at, state) => {
    if (states.at(-1)?.state !== state) states.push({ at, state });
  };
  for (const fact of facts.toSorted((a, b) => a.at - b.at)) {
    if (fact.kind === 'ended') {
      frozen = false;
      doing = fact.as;
    } else if (fact.kind === 'frozen' || fact.kind === 'thawed') frozen = fact.kind === 'frozen';
    // What has ended does nothing until it is begun anew; who was told to leave does so until then.
    else if (fact.kind === 'begun') doing = 'starting';
    else if (!['stopped', 'failed', 'stopping'].includes(doing)) doing = MEANING[fact.kind];
    put(fact.at, frozen ? 'paused' : doing);
  }
  return states;
};

/** Nobody has said anything new: what it left in the background gave it a further turn. */
const isMachine = (call) => call !== undefined && call.said.length === 0;

/** Whether the same is asked again: then the error before was not the end of it. */
const isRepeated = (call, later) =>
  later.some((next) => next.prompt === call.prompt && next.step === call.step && next.began >= call.ended);

/**
 * What the calls to the model say. `asks` are tools that wait for a person; `helper` matches the prompts of sub-agents,
 * whose last word is not the end of a turn; `limit` says that its last error is the end of what its account may use.
 */
export const callFacts = (calls, { asks = [], helper, limit = false } = {}) => {
  const own = calls.filter(({ kind }) => kind === 'main');
  return own.flatMap((call, i) => {
    const facts = [{ at: call.began, kind: 'works' }];
    if (call.ended === null) return facts;
    const later = own.slice(i + 1);
    const end = (kind) => [...facts, { at: call.ended, kind }];
    if (call.outcome === 'tool') return asks.includes(call.tool) ? end('asks') : facts;
    if (helper?.test(call.prompt)) return facts;
    if (call.outcome === 'error' || call.outcome === 'dropped')
      return isRepeated(call, later) ? facts : end(limit ? 'limited' : 'rests');
    // Others are under way, or what was left in the background gives it a further turn by itself.
    const goesOn = own.some((one) => one !== call && one.began < call.ended && (one.ended ?? Infinity) > call.ended);
    if (goesOn || isMachine(later.find(({ prompt }) => !helper?.test(prompt)))) return facts;
    return end('rests');
  });
};

/** Its terminal may still be told of the turn before for so long. */
const AFTERMATH_MS = 1000;

/**
 * That it works since it showed the sign of it, for programs that take their time between a prompt and the first call to
 * the model. `shown` are the times at which the sign was printed; a sign counts for the call that comes next.
 */
export const signFacts = (shown, calls) => {
  const own = calls.filter(({ kind }) => kind === 'main');
  return own.flatMap(({ began }, i) => {
    const from = (own[i - 1]?.ended ?? Number.NEGATIVE_INFINITY) + AFTERMATH_MS;
    const at = shown.find((time) => time >= from && time < began);
    return at === undefined ? [] : [{ at, kind: 'works' }];
  });
};
