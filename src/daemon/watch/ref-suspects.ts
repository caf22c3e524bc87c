import { basename } from 'node:path';
import type { RefTrace } from '../../ports/index.ts';
import { refName } from '../../text/ref-name.ts';
import { type GitRun, verbOf } from './git-trail.ts';

/** A ref that is not as it was; null for what is not there. */
export type RefChange = { readonly ref: string; readonly from: string | null; readonly to: string | null };

/** What changed between two looks. */
export const changesBetween = (
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly RefChange[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((ref) => ({ ref, from: before[ref] ?? null, to: after[ref] ?? null }))
    .filter(({ from, to }) => from !== to);

/** Verbs that change a ref that they are told of, or that is checked out where they run. */
const MOVES_NAMED: ReadonlySet<string> = new Set([
  ...[
    'branch',
    'tag',
    'update-ref',
    'push',
    'fetch',
    'pull',
    'symbolic-ref',
    'reflog',
    'checkout',
    'switch',
    'worktree',
  ],
  ...['rebase', 'send-pack', 'receive-pack', 'fetch-pack'],
]);
const MOVES_HEAD: ReadonlySet<string> = new Set([
  ...[
    'commit',
    'reset',
    'merge',
    'rebase',
    'pull',
    'cherry-pick',
    'revert',
    'am',
    'checkout',
    'switch',
    'symbolic-ref',
  ],
]);
/** Verbs that are told on their standard input, or not at all, what they change: only the moment speaks against them. */
const isUntold = (verb: string, rest: readonly string[]): boolean =>
  ['fast-import', 'filter-branch'].includes(verb) || (verb === 'update-ref' && rest.includes('--stdin'));

const LOOKS: Readonly<Record<string, RegExp>> = {
  branch: /^(?:--(?:list|contains|merged|no-merged|show-current|points-at|sort|format)\b|-[alrv]+$)/u,
  tag: /^(?:--(?:list|contains|merged|no-merged|points-at|sort|format)\b|-[lnv])/u,
  worktree: /^list$/u,
  reflog: /^(?:show|exists)$/u,
};

const mentions = (rest: readonly string[], ref: string): boolean => {
  const names = [ref, refName(ref)].map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`));
  const named = new RegExp(`(?:^|[^\\w./-])(?:${names.join('|')})(?:$|[^\\w./-])`, 'u');
  return rest.some((word) => named.test(word));
};

/** Whether the worktree of a run is the one whose `HEAD` the ref is, or has it checked out. */
const isCheckedOut = (
  run: GitRun,
  { ref }: RefChange,
  heads: Readonly<Record<string, string>>,
  root: string,
): boolean => {
  if (run.worktree === null) return false;
  const head = run.worktree === root ? 'HEAD' : `worktrees/${basename(run.worktree)}/HEAD`;
  return ref === head || heads[head] === `ref: ${ref}`;
};

const couldMove = (run: GitRun, change: RefChange, heads: Readonly<Record<string, string>>, root: string): boolean => {
  const { verb, rest } = verbOf(run.argv);
  if (rest.some((word) => LOOKS[verb]?.test(word))) return false;
  if (change.ref.startsWith('refs/stash@')) return verb === 'stash' || verb === 'reflog';
  if (isUntold(verb, rest)) return true;
  if (verb === 'worktree') return change.ref.startsWith('worktrees/') && change.to === null && rest[0] !== 'add';
  // At the other end of a push nothing names the ref but the push.
  const isNamed = change.ref.endsWith('HEAD')
    ? verb === 'symbolic-ref' || verb === 'update-ref'
    : MOVES_NAMED.has(verb);
  if (isNamed && mentions([...rest, ...run.command], change.ref)) return true;
  return MOVES_HEAD.has(verb) && isCheckedOut(run, change, heads, root);
};

/** How far the clocks of a file and of a program may be apart, in milliseconds: that of files goes in steps of four. */
const SLACK_MS = 10;

export type Moment = {
  /** The earliest and the latest moment at which it can have happened, in milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
  /** When what is not there any more can have gone, if it is known more closely. */
  readonly gone?: readonly number[];
  readonly heads: Readonly<Record<string, string>>;
  readonly root: string;
};

const hasRunBetween = ({ startedAt, endedAt }: GitRun, since: number, until: number): boolean =>
  startedAt <= until + SLACK_MS && (endedAt ?? Number.POSITIVE_INFINITY) >= since - SLACK_MS;

/** Whether a run was there when it happened. Of one that was not told of the ref nothing but the very moment speaks. */
const wasThere = (run: GitRun, { to }: RefChange, { since, until, gone = [] }: Moment): boolean => {
  const { verb, rest } = verbOf(run.argv);
  if (to !== null || !isUntold(verb, rest)) return hasRunBetween(run, since, until);
  return run.worktree !== null && gone.some((at) => hasRunBetween(run, at, at));
};

/** The runs of git that changed a ref, by what they were told and when they ran, and that the guard was not asked about. */
export const suspectsOf = (runs: readonly GitRun[], change: RefChange, moment: Moment): readonly GitRun[] =>
  runs.filter(
    (run) => !run.guarded && wasThere(run, change, moment) && couldMove(run, change, moment.heads, moment.root),
  );

/**
 * Whether the branch of a checkout was moved from elsewhere: git that works in the checkout writes it into the log of its
 * `HEAD` as well.
 */
export const isFromElsewhere = (
  { ref, to }: RefChange,
  head: { readonly now: string | undefined; readonly trace: RefTrace },
): boolean => {
  const { last } = head.trace;
  return head.now === `ref: ${ref}` && to !== null && last !== null && last.to !== to;
};

/** Whether a ref was written without git, which would have written it into its log as well. */
export const isForged = ({ ref, to }: RefChange, { hasLog, last }: RefTrace): boolean =>
  ref.startsWith('refs/heads/') && (to === null ? hasLog : last !== null && last.to !== to);
