import { saidId } from '../../protocol/say.ts';
import { shownLine } from '../../lib/text.ts';
import type { DiffData } from '../../text/diff-data.ts';
import { UNREADABLE, type WorktreeRow } from '../../text/worktree-row.ts';
import { isMergeable } from '../../tasks/mergeable.ts';
import { currentTask } from '../model/instance-list.ts';
import { nameStyle } from '../model/instance-style.ts';
import { INSTANCE_MARKS } from '../model/state-marks.ts';
import { wordFilter } from '../model/word-filter.ts';
import type { Piece } from '../widgets/pieces.ts';
import { conflictLines } from './conflict-matrix.ts';
import { diffLines } from './diff-lines.ts';
import type { Tab, TabColumn, TabContext, TabLine, TabPressed } from './tab.ts';
import { isMatched } from './tab-window.ts';

const TREE = 'tree worktrees';
const diffOf = (name: string): string => `show diff ${saidId(name)}`;

type Node = WorktreeRow & { readonly tasks: readonly { id: string; title: string; word: string }[] };

const nodesOf = ({ answers }: TabContext): readonly Node[] | null => {
  const reply = answers.get(TREE);
  return reply?.exit === 0 ? (reply.data as Node[]) : null;
};

const dirtPieces = ({ dirty, ahead, behind }: WorktreeRow): readonly Piece[] => [
  ...(dirty > 0 ? [{ text: `${dirty} uncommitted `, color: 'yellow' } as const] : []),
  // Merges among them: commits are what is counted without those.
  { text: ahead > 0 ? `${ahead} ahead ` : '', color: 'green' },
  { text: behind > 0 ? `${behind} behind ` : '', color: 'red' },
];

/** Whether a task of a worktree is merged; of one that is not known any more nothing is left to do. */
const isMerged = ({ id }: Node['tasks'][number], { tasks }: TabContext['state']): boolean =>
  (tasks[id]?.batch ?? null) !== null || !Object.hasOwn(tasks, id);

/** A line below a worktree; the state of a task stands apart from its title, and is not cut away with it. */
type Below = Pick<TabLine, 'pieces' | 'right'>;

/** The branch, and what is done and to be done there; what is merged already only where it is asked for. */
const belowNode = (node: Node, { state, own }: TabContext): readonly Below[] => {
  const instance = node.instance === null ? undefined : state.instances[node.instance];
  const working = instance && currentTask(instance, state.tasks);
  const has = wordFilter(own.filter);
  const isShown = (task: Node['tasks'][number]): boolean =>
    own.isUnfolded || !isMerged(task, state) || (has?.(`${task.id} ${task.title}`) ?? false);
  const shown = node.tasks.filter(isShown);
  const merged = node.tasks.length - shown.length;
  const isOwnName = node.branch === node.name;
  return [
    ...(isOwnName
      ? []
      : [line({ text: '⎇ ', dim: true }, { text: shownLine(node.branch ?? 'no branch'), color: 'cyan' })]),
    ...(node.problem === null ? [] : [line({ text: `${UNREADABLE}: ${shownLine(node.problem)}`, color: 'red' })]),
    ...(own.isUnfolded && node.session !== null ? [line({ text: `session ${node.session}`, dim: true })] : []),
    ...shown.map(
      (task): Below => ({
        pieces: [{ text: `${task.id} `, bold: task.id === working?.id }, { text: shownLine(task.title) }],
        right: [{ text: `${task.word} `, dim: true }],
      }),
    ),
    ...(merged > 0 ? [line({ text: `+${merged} merged`, dim: true })] : []),
  ];
};

const line = (...pieces: readonly Piece[]): Below => ({ pieces });

const headOf = (node: Node, { state }: TabContext): TabLine => {
  const instance = node.instance === null ? undefined : state.instances[node.instance];
  const mark = instance && INSTANCE_MARKS[instance.state.kind];
  const kind = node.kind === node.name ? '' : `  ${node.kind}`;
  const pieces: readonly Piece[] = [
    { ...(instance && nameStyle(instance)), text: '■ ' },
    { text: shownLine(node.name), bold: true },
    ...(mark ? [{ ...mark.style, text: `  ${mark.glyph} ${mark.word}` }] : [{ text: kind, dim: true }]),
  ];
  const right = dirtPieces(node);
  const drawn = [...pieces, ...right].map(({ text }) => text);
  // A filter finds a worktree by what stands below it as well, also by what is folded there.
  const tasks = node.tasks.flatMap(({ id, title, word }) => [id, title, word]);
  return { id: node.name, pieces, right, text: [...drawn, node.branch, ...tasks].join(' ') };
};

const nodeLines = (node: Node, context: TabContext): readonly TabLine[] => {
  const below = belowNode(node, context);
  return [
    headOf(node, context),
    ...below.map(
      ({ pieces, ...rest }, i): TabLine => ({
        pieces: [{ text: i === below.length - 1 ? '  └─ ' : '  ├─ ', dim: true }, ...pieces],
        ...rest,
      }),
    ),
  ];
};

/** Two columns need so many cells. */
const WIDE = 100;

/** The selected worktree, of those that a filter leaves; null where there is none. */
const chosenWorktree = (context: TabContext, nodes: readonly Node[]): string | null => {
  const { cursor, filter } = context.own;
  const shown = nodes.filter((node) => isMatched(headOf(node, context), filter));
  return (shown.find(({ name }) => name === cursor) ?? shown[0])?.name ?? null;
};

/**
 * What the diff beside a worktree is of: its task, against what that was built on, since the branch of an agent that did
 * several has everybody's merged work; the integration branch, against the one of the person; else the worktree.
 */
const subjectOf = (name: string, context: TabContext): string => {
  const node = nodesOf(context)?.find((one) => one.name === name);
  if (!node) return name;
  if (node.kind === 'integration') return integrationBranch(node, context);
  const { state } = context;
  const working = node.tasks.find(({ id }) => ['running', 'verifying'].includes(state.tasks[id]?.state ?? ''));
  if (working) return working.id;
  const last = node.tasks.findLast((task) => state.tasks[task.id]?.run && !isMerged(task, state));
  return last && node.dirty === 0 ? last.id : name;
};

/** While a batch runs no branch is checked out there. */
const integrationBranch = ({ name, branch }: Node, { state }: TabContext): string =>
  branch ?? Object.values(state.batches).at(-1)?.target ?? name;

/** How what is merged comes into the branch of the person: the step that is offered everywhere. */
const deliveryLines = (name: string, context: TabContext): readonly TabLine[] => {
  const { delivery } = context.attention;
  const node = nodesOf(context)?.find((one) => one.name === name);
  if (node?.kind !== 'integration' || delivery === null) return [];
  return [
    {
      pieces: [
        { text: ` ${shownLine(delivery.why)}: `, dim: true },
        { text: shownLine(delivery.command), color: 'cyan' },
      ],
    },
    { pieces: [] },
  ];
};

const diffColumn = (context: TabContext, name: string): TabColumn => {
  const subject = subjectOf(name, context);
  const reply = context.answers.get(diffOf(subject));
  const title: Piece[] = [{ text: `diff of ${shownLine(subject)}`, bold: true }];
  if (!reply) return { title, lines: [], weight: 3, empty: 'reading the diff …' };
  if (reply.exit !== 0) return { title, lines: [], weight: 3, empty: shownLine(reply.message) };
  const lines = diffLines(reply.data as DiffData);
  return {
    // That nothing has changed is said once.
    title: lines.length === 0 ? title : [...title, { text: `  ${shownLine(reply.message)}`, dim: true }],
    lines: lines.length === 0 ? [] : [...deliveryLines(name, context), ...lines],
    weight: 3,
    empty: 'Nothing is changed there.',
  };
};

const MODES = ['tree and diff', 'tree', 'diff'] as const;
const modeOf = ({ own, size }: TabContext): (typeof MODES)[number] => {
  const mode = MODES[own.mode] ?? MODES[0];
  return mode === 'tree and diff' && size.width < WIDE ? 'tree' : mode;
};

/** Merges the finished task of a worktree. */
const mergeTask = (context: TabContext, name: string): TabPressed => {
  const { own, state } = context;
  const ids =
    nodesOf(context)
      ?.find((one) => one.name === name)
      ?.tasks.map(({ id }) => id) ?? [];
  const task = ids.flatMap((id) => state.tasks[id] ?? []).findLast(isMergeable);
  return task
    ? { own, command: `merge branch ${saidId(task.id)}` }
    : { own, note: 'no finished work waits there; M merges all' };
};

/** Which task, branch, session and worktree belong together, and what has been changed there. */
export const worktreesTab: Tab = {
  modes: MODES,
  folds: () => 'merged',
  queries: (context) => {
    const name = chosenWorktree(context, nodesOf(context) ?? []);
    const diff =
      modeOf(context) === 'tree' || name === null ? [] : [{ text: diffOf(subjectOf(name, context)), everyMs: 3000 }];
    return [{ text: TREE, everyMs: 1000 }, ...diff];
  },
  body: (context) => {
    const nodes = nodesOf(context);
    const title: Piece[] = [{ text: 'worktrees', bold: true }];
    if (!nodes) {
      const empty = shownLine(context.answers.get(TREE)?.message ?? 'looking at the worktrees …');
      return { columns: [{ title, lines: [], weight: 2, empty }] };
    }
    const tree: TabColumn = {
      title,
      lines: [...conflictLines(context.state), ...nodes.flatMap((node) => nodeLines(node, context))],
      weight: 2,
      empty: 'No worktree. Each instance gets one of its own.',
    };
    const name = chosenWorktree(context, nodes);
    const mode = modeOf(context);
    if (name === null || mode === 'tree') return { columns: [tree] };
    return { columns: mode === 'diff' ? [diffColumn(context, name)] : [tree, diffColumn(context, name)] };
  },
  keys: [
    { action: 'open', help: 'whole diff', command: (id, context) => diffOf(subjectOf(id, context)) },
    { action: 'diff', help: 'diff', command: (id, context) => diffOf(subjectOf(id, context)) },
    {
      action: 'review',
      help: 'review',
      press: ({ context }, id) => {
        const task = nodesOf(context)
          ?.find(({ name }) => name === id)
          ?.tasks.at(-1)?.id;
        return task === undefined
          ? { own: context.own, note: 'nothing was worked on there' }
          : { own: context.own, review: task };
      },
    },
    {
      action: 'attach',
      help: 'attach',
      otherwise: 'no agent works there',
      command: (id, { state }) => (state.instances[id] ? `attach ${saidId(id)}` : null),
    },
    {
      action: 'merge',
      help: 'merge',
      press: ({ context }, id) => mergeTask(context, id),
    },
    { action: 'remove', help: 'remove', command: (id) => `remove worktree ${saidId(id)}` },
  ],
};
