import { z } from 'zod';
import { shorten, shownLine } from '../lib/text.ts';
import type { Batch } from '../state/batches.ts';
import { conflictId } from '../state/conflict-records.ts';
import type { State } from '../state/index.ts';
import { waitsFor } from '../tasks/gates.ts';
import { GONE_ON, leftOutOf } from '../tasks/taken-work.ts';

const ids = z.array(z.string());

export const batchNodeSchema = z.object({
  task: z.string(),
  title: z.string(),
  kind: z.enum(['merged', 'aside', 'waiting']),
  commit: z.string().nullable().describe('Its merge; null where it is not merged'),
  needs: ids.describe('The tasks of this batch that it builds on'),
  meets: ids.describe('The merged tasks with which it conflicts, or did before that was resolved'),
  files: ids.describe('The files in which it does'),
  why: z.string().describe('Why it was set aside; empty where it was not'),
});
/** A task of a batch, with what it hangs together with. */
export type BatchNode = z.infer<typeof batchNodeSchema>;

/** The tasks of a batch as they came: what is merged in its order, then what was set aside, then what is still to come. */
export const batchNodes = (state: State, batch: Batch): BatchNode[] => {
  const taskOf = (id: string) => (Object.hasOwn(state.tasks, id) ? state.tasks[id] : undefined);
  const nodeOf = (id: string, rest: Pick<BatchNode, 'kind' | 'commit' | 'why'>): BatchNode => {
    const [task, record] = [taskOf(id), state.conflicts[conflictId(batch.id, id)]];
    return {
      ...{ task: id, title: task?.title ?? '', ...rest },
      needs: task ? batch.tasks.filter((other) => waitsFor(task, taskOf(other) ?? { id: other })) : [],
      meets: [...(record?.with ?? [])],
      files: record?.files.map(({ path }) => path) ?? [],
    };
  };
  const left = leftOutOf(state, batch);
  const settled = new Set([...[...batch.merged, ...batch.set_aside].map(({ task }) => task), ...left]);
  return [
    ...batch.merged.map(({ task, commit }) => nodeOf(task, { kind: 'merged', commit, why: '' })),
    ...batch.set_aside.map(({ task, message }) => nodeOf(task, { kind: 'aside', commit: null, why: message })),
    ...left.map((id) => nodeOf(id, { kind: 'aside', commit: null, why: GONE_ON })),
    ...batch.tasks.filter((id) => !settled.has(id)).map((id) => nodeOf(id, { kind: 'waiting', commit: null, why: '' })),
  ];
};

/** What is told of a task beside its name: all of it, or where that is written elsewhere nothing that somebody made up. */
export type GraphWords = 'all' | 'names';

const TITLE = 40;
const WHY = 100;
const SHORT = 10;

/** A name as it is, as long as it is one that nothing could read as more than a name. */
const nameOf = (id: string): string => id.replace(/[^\p{L}\p{N}._/#-]/gu, '·');

const named = (all: readonly string[]): string => all.map(nameOf).join(', ');

const notesOf = ({ kind, needs, meets, files, why }: BatchNode, words: GraphWords): string => {
  const notes = needs.length === 0 ? [] : [`builds on ${named(needs)}`];
  const place = words === 'all' && files.length > 0 ? ` in ${files.map(shownLine).join(', ')}` : '';
  if (kind === 'merged' && files.length > 0)
    notes.push(`conflict${meets.length === 0 ? '' : ` with ${named(meets)}`}${place} resolved`);
  if (kind === 'aside') notes.push(words === 'all' ? shownLine(why) : `conflict with ${named(meets)}`);
  if (kind === 'aside' && words === 'names' && meets.length === 0) notes.pop();
  return shorten(notes.join('; '), WHY);
};

const MARKS: Readonly<Record<BatchNode['kind'], string>> = { merged: '●', aside: '✗', waiting: '◌' };

const lineOf = (node: BatchNode, words: GraphWords): string => {
  const commit = node.commit === null ? [] : [node.commit.slice(0, SHORT)];
  const title = words === 'all' && node.title !== '' ? [shorten(shownLine(node.title), TITLE)] : [];
  const notes = notesOf(node, words);
  return [`${MARKS[node.kind]} ${nameOf(node.task)}`, ...title, ...commit, ...(notes === '' ? [] : [notes])].join('  ');
};

/** What a task that is not merged hangs on: what it conflicts with, else what it builds on. */
const holderOf = (node: BatchNode, nodes: readonly BatchNode[]): string | undefined => {
  const isThere = (id: string) => id !== node.task && nodes.some(({ task }) => task === id);
  return node.meets.find(isThere) ?? node.needs.findLast(isThere);
};

/** The tasks with those that hang on each; what hangs on itself in the end hangs on nothing. */
const hangingOf = (nodes: readonly BatchNode[]) => {
  const holders = new Map<string, string>();
  for (const node of nodes) {
    const holder = node.kind === 'merged' ? undefined : holderOf(node, nodes);
    let above = holder;
    while (above !== undefined && above !== node.task) above = holders.get(above);
    if (holder !== undefined && above === undefined) holders.set(node.task, holder);
  }
  return {
    under: (task: string) => nodes.filter((one) => holders.get(one.task) === task),
    free: nodes.filter((one) => one.kind !== 'merged' && !holders.has(one.task)),
  };
};

/** How the graph is told: in which words, and whether the branch is still where the batch left it. */
type Telling = { readonly words?: GraphWords; readonly isThere: boolean };

/**
 * The graph of a batch: the branch from where the batch found it to where it left it, a line for each merge, and under it
 * what was set aside because of it.
 */
export const batchGraph = (
  { target, base_commit, head_commit }: Pick<Batch, 'target' | 'base_commit' | 'head_commit'>,
  nodes: readonly BatchNode[],
  { words = 'all', isThere }: Telling,
): readonly string[] => {
  const { under, free } = hangingOf(nodes);
  const below = (node: BatchNode, lead: string): readonly string[] => [
    lineOf(node, words),
    ...under(node.task).flatMap((one, at, all) => {
      const isLast = at === all.length - 1;
      const [first = '', ...rest] = below(one, `${lead}${isLast ? '   ' : '│  '}`);
      return [`${lead}${isLast ? '╰─ ' : '├─ '}${first}`, ...rest];
    }),
  ];
  const merged = nodes.filter(({ kind }) => kind === 'merged');
  return [
    `○ ${base_commit.slice(0, SHORT)}  where it began`,
    ...merged.flatMap((node) => {
      const [first = '', ...rest] = below(node, '│     ');
      return [`├─── ${first}`, ...rest];
    }),
    `◉ ${head_commit.slice(0, SHORT)}  ${isThere ? '' : 'where it left '}${nameOf(target)}`,
    ...free.flatMap((node) => {
      const [first = '', ...rest] = below(node, '      ');
      return [`     ${first}`, ...rest];
    }),
  ];
};
