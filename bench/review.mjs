// What a review of a large change costs: opening it, and a frame of scrolling through it, without the terminal.
import { emptyState } from '../src/state/index.ts';
import { reviewTab } from '../src/tui/tabs/review.ts';
import { pressTabKey } from '../src/tui/tabs/tab-navigation.ts';
import { initialTab } from '../src/tui/tabs/tab-state.ts';
import { shownColumns } from '../src/tui/tabs/tab-window.ts';
import { limited, median, quantile, rounded } from './figures.mjs';

const LINES = 20_000;
const FILES = 20;
const SIZE = { width: 180, height: 50 };
const OPEN_MS = 300;
/** 30 frames a second leave so long for each. */
const FRAME_MS = 33;

const fileOf = (at, lines) => {
  const body = Array.from({ length: lines }, (_, n) => `+  const value${n} = compute(${n}, "text ${n}"); // line ${n}`);
  const path = `src/part-${at}.ts`;
  return [`diff --git a/${path} b/${path}`, 'index 1111111..2222222 100644', `--- a/${path}`, `+++ b/${path}`]
    .concat([`@@ -1,${lines} +1,${lines * 2} @@ const part = () => {`])
    .concat(
      body.map((line, n) => `-${line.slice(1).replace('compute', `old${n}`)}`),
      body,
    )
    .join('\n');
};

/** The answers of the daemon to what the view asks, of a change of so many lines in all. */
const answersOf = (lines) => {
  const patch = Array.from({ length: FILES }, (_, at) => fileOf(at, lines / FILES / 2)).join('\n');
  const files = Array.from({ length: FILES }, (_, at) => {
    const path = `src/part-${at}.ts`;
    return { path, insertions: lines / FILES, deletions: lines / FILES, content: '2222222', seen: false };
  });
  const review = { task: 't1', next_comment: 1, comments: [], seen: {}, decisions: [], evidence: [], taken_over: null };
  const common = { task: 't1', title: 'Large', state: 'done', batch: null, author: 'claude-1', attempt: 1 };
  const place = { branch: 'feature/t1', from: 'c0', to: 'c2', claim: 'done', gates: [], cost: { tokens: 0 } };
  const rest = { criteria: [], others: [], files, review, approved: false, policy: 'none', folder: null, cut: false };
  const reply = (data) => ({ exit: 0, message: '', data });
  const head = { ...common, ...place, ...rest, patch: null };
  return new Map([
    ['review task t1', reply(head)],
    ['review task t1 detailed commit=c2', reply({ ...head, patch })],
  ]);
};

const contextOf = (answers, own) => ({
  state: emptyState,
  instances: [],
  now: 0,
  own,
  answers,
  outlook: { leftMs: null, next: null, at: 0 },
  selected: null,
  size: SIZE,
});

/** What a frame takes: the body of the view, and the pieces of the lines that are on the screen. */
const drawn = (answers, own) => {
  const context = contextOf(answers, own);
  const body = reviewTab.body(context);
  for (const { lines } of shownColumns(body, own, SIZE.height)) for (const { pieces } of lines) void pieces.length;
  return { tab: reviewTab, context, body };
};

/** The time of the processor: what else the machine does at the moment is no cost of the screen. */
const timed = (work) => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

const openingMs = (lines) => {
  const answers = answersOf(lines);
  return timed(() => drawn(answers, { ...initialTab, subject: 't1' }));
};

const scrollingMs = (key, presses) => {
  const answers = answersOf(LINES);
  let own = { ...initialTab, subject: 't1' };
  let open = drawn(answers, own);
  return Array.from({ length: presses }, () =>
    timed(() => {
      own = pressTabKey(open, key).own;
      open = drawn(answers, own);
    }),
  );
};

export const review = {
  title: `a review of ${LINES} lines`,
  measure: ({ quick }) => {
    // The library of colours is loaded with the first line, once for all.
    openingMs(200);
    const rounds = quick ? 3 : 9;
    const whole = median(Array.from({ length: rounds }, () => openingMs(LINES)));
    const half = median(Array.from({ length: rounds }, () => openingMs(LINES / 2)));
    const pages = scrollingMs('pagedown', quick ? 50 : 300);
    const lines = scrollingMs('down', quick ? 50 : 300);
    return {
      limits: [
        limited('opening', whole, OPEN_MS, 'ms'),
        limited('opening, against half as many', whole / half, 3, 'x'),
        limited('a page further, 95 of 100', quantile(pages, 0.95), FRAME_MS, 'ms'),
        limited('a line further, 95 of 100', quantile(lines, 0.95), FRAME_MS, 'ms'),
      ],
      figures: {
        open_ms: rounded(whole),
        page_p50_ms: rounded(median(pages)),
        line_p50_ms: rounded(median(lines)),
      },
    };
  },
};
