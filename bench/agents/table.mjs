import { quantile } from '../figures.mjs';

const late = ({ transitions }) => transitions.map(({ ms }) => (ms === null ? Number.POSITIVE_INFINITY : Math.abs(ms)));

const figures = (one) => {
  const all = late(one);
  if (all.length === 0) return '';
  return [0.5, 0.95, 1].map((p) => `${Math.round(quantile(all, p))}`.padStart(6)).join('');
};

/** One scenario, with what was wrong in it. */
export const line = (one) =>
  [
    `${one.name.padEnd(26)} ${String(one.right_percent).padStart(6)} %  ${String(one.samples).padStart(4)} samples  `,
    `${figures(one)} ms  ${one.took_s} s\n`,
    ...one.stretches.map(({ said, truth, from, ms }) => `    ${from} ms: said ${said} for ${ms} ms, was ${truth}\n`),
  ].join('');

const racesIn = ({ pairs, unseen, given, refused, not_done }) =>
  `${unseen} unseen approvals in ${pairs} pairs of answers (${given} given, ${refused} refused, ${not_done} without effect)`;

export const summary = ({ total, briefs, races, results }) =>
  [
    `\n${total.scenarios} scenarios, ${total.samples} samples, ${total.right_percent} % right; `,
    `changes ${JSON.stringify(total.transition_ms)} ms, ${total.missed} without news\n`,
    briefs.briefs > 0 ? `briefs delivered exactly once: ${briefs.once} of ${briefs.briefs}\n` : '',
    races.pairs > 0 ? `${racesIn(races)}; the agent stopped of itself ${races.stopped} times\n` : '',
    ...Object.entries(races.ways).map(([way, counts]) => `  ${way}: ${racesIn(counts)}\n`),
    ...briefs.not.map(
      ({ n, times, text, came_as }) =>
        `  ${n} came ${times} times: ${JSON.stringify(text.slice(0, 80))} as ${JSON.stringify(came_as ?? []).slice(0, 160)}\n`,
    ),
    ...results.filter(({ error }) => error).map(({ name, error }) => `not measured: ${name}: ${error}\n`),
  ].join('');
