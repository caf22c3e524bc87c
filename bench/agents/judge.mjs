import { rounded, spread } from '../figures.mjs';

/** A sample nearer than this to a change of what is true is judged by either state; nothing else is forgiven. */
const TOLERANCE_MS = 200;
/** How long before a change of what is true Drover may have told of it, to be the news of that change. */
const EARLY_MS = 2000;

/** Drover's words for the same: it makes a session ready before a program starts, and verifies what one has ended. */
const SAME = { creating: 'starting', verifying: 'idle' };
const meant = (state) => SAME[state] ?? state;

const stateAt = (states, at) => states.findLast((one) => one.at <= at)?.state ?? states[0]?.state;

const mayBe = (truth, at) => [
  stateAt(truth, at),
  stateAt(truth, at - TOLERANCE_MS),
  ...truth.filter((one) => Math.abs(one.at - at) <= TOLERANCE_MS).map(({ state }) => state),
];

/** Samples in a row that are wrong in the same way. */
const stretches = (wrong) => {
  const found = [];
  for (const { at, state, truth } of wrong) {
    const last = found.at(-1);
    if (last && last.said === state && last.truth === truth && at - last.to < 250) last.to = at;
    else found.push({ from: at, to: at, said: state, truth });
  }
  return found;
};

/** How far the news of each change was from the change, in milliseconds; null: there were no news of it. */
const latencies = ({ truth, changes, samples }) =>
  truth.slice(1).flatMap(({ at, state }, i) => {
    const next = truth[i + 2]?.at ?? Number.POSITIVE_INFINITY;
    // What lasts shorter than the tolerance no sample can ask for.
    if (next - at < TOLERANCE_MS) return [];
    // Without a daemon nobody tells.
    if (samples.some((one) => one.state === null && Math.abs(one.at - at) < TOLERANCE_MS)) return [];
    const news = changes
      .filter((one) => meant(one.state) === state && one.at > at - EARLY_MS && one.at < next + TOLERANCE_MS)
      .toSorted((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))[0];
    const held = !news && meant(stateAt(changes, at)) === state;
    return [{ from: truth[i].state, to: state, ms: held ? 0 : news ? news.at - at : null }];
  });

/** Samples and changes as Drover told them, against the states that were true. Samples without a daemon are not judged. */
export const judge = ({ samples, changes, truth }) => {
  const judged = samples.filter((one) => one.state !== null && one.at >= truth[0].at);
  const wrong = judged
    .filter(({ at, state }) => !mayBe(truth, at).includes(meant(state)))
    .map((one) => ({ ...one, truth: stateAt(truth, one.at) }));
  const transitions = latencies({ truth, changes, samples });
  return {
    samples: judged.length,
    unseen: samples.length - judged.length,
    wrong: wrong.length,
    right_percent: rounded(100 * (1 - wrong.length / Math.max(1, judged.length))),
    transitions,
    missed: transitions.filter(({ ms }) => ms === null).length,
    stretches: stretches(wrong).map(({ from, to, ...rest }) => ({ ...rest, from: from - truth[0].at, ms: to - from })),
  };
};

/** The figures of all scenarios together. A change without news counts as late beyond any limit. */
export const together = (results) => {
  const judged = results.filter(({ samples }) => samples > 0);
  const total = judged.reduce((sum, one) => sum + one.samples, 0);
  const wrong = judged.reduce((sum, one) => sum + one.wrong, 0);
  const all = judged.flatMap(({ transitions }) => transitions.map(({ ms }) => (ms === null ? 1e6 : Math.abs(ms))));
  return {
    scenarios: results.length,
    samples: total,
    wrong,
    right_percent: rounded(100 * (1 - wrong / Math.max(1, total)), 3),
    transition_ms: all.length > 0 ? spread(all, 0) : null,
    missed: judged.reduce((sum, one) => sum + one.missed, 0),
  };
};
