import { reply } from '../fake-swarm.ts';

const file = (path: string) => ({ path, insertions: 12, deletions: 3, content: 'x', seen: false });

/** A comment of a person on the first line of a file. */
export const commentOn = (path: string, { id = 'c1', text = 'why?', sent = false } = {}) => ({
  ...{ id, commit: 'abc', file: path, side: 'new' as const, line: 1, code: 'x', text, by: 'me', at: '', sent },
});

/** What is known of the work of a task, as the daemon tells it. */
export const reviewHead = (
  task: string,
  paths: readonly string[] = ['a.ts'],
  { comments = [] as readonly ReturnType<typeof commentOn>[], patch = null as string | null } = {},
) => ({
  ...{
    task,
    title: 'Count',
    state: 'done',
    batch: null,
    author: 'a-1',
    attempt: 1,
    branch: 'b',
    from: 'c0',
    to: 'abc',
  },
  ...{ beyond: null, claim: null, gates: [], cost: { tokens: 0 }, criteria: [], others: [], files: paths.map(file) },
  ...{ approved: false, policy: 'none', folder: null, patch, cut: false },
  review: { task, next_comment: 1, comments, seen: {}, decisions: [], evidence: [], taken_over: null },
});

/** The answers to what an open review asks: what is known of the work, and its change. */
export const reviewAnswers = (...of: Parameters<typeof reviewHead>) => {
  const data = reviewHead(...of);
  return new Map([
    [`review task ${data.task}`, reply({ data: { ...data, patch: null } })],
    [`review task ${data.task} detailed commit=abc`, reply({ data })],
  ]);
};
