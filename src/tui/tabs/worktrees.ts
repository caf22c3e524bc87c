import { oneLine } from '../../lib/text.ts';
import type { DiffData } from '../../text/diff-data.ts';
import type { WorktreeRow } from '../../text/worktree-row.ts';
import { nameStyle } from '../model/instance-style.ts';
import { currentTask } from '../model/scene.ts';
import { MARKS } from '../model/state-marks.ts';
import type { Piece } from '../widgets/line.ts';
import { diffLines } from './diff-lines.ts';
import type { Tab, TabColumn, TabLine, TabScene } from './tab.ts';

const TREE = 'tree worktrees';
const diffOf = (name: string): string => `show diff ${name}`;

type Node = WorktreeRow & { readonly tasks: readonly { id: string; title: string; word: string }[] };

const nodesOf = ({ answers }: TabScene): readonly Node[] | null => {
  const reply = answers.get(TREE);
  return reply?.exit === 0 ? (reply.data as Node[]) : null;
};

const dirtPieces = ({ dirty, ahead, behind }: WorktreeRow): readonly Piece[] => [
  ...(dirty > 0 ? [{ text: `${dirty} uncommitted `, color: 'yellow' } as const] : []),
  { text: `+${ahead} `, color: 'green' },
  { text: behind > 0 ? `−${behind} ` : '', color: 'red' },
];

const nodeLines = (node: Node, { state }: TabScene): readonly TabLine[] => {
  const instance = node.instance === null ? undefined : state.instances[node.instance];
  const mark = instance && MARKS[instance.state.kind];
  const working = instance && currentTask(instance, state.tasks);
  const below: readonly (readonly Piece[])[] = [
    [
      { text: '⎇ ', dim: true },
      { text: oneLine(node.branch ?? 'no branch'), color: 'cyan' },
    ],
    ...(node.session === null ? [] : [[{ text: `session ${node.session}`, dim: true }]]),
    ...node.tasks.map((task): Piece[] => [
      { text: `${task.id} `, bold: task.id === working?.id },
      { text: `${oneLine(task.title)} ` },
      { text: task.word, dim: true },
    ]),
  ];
  return [
    {
      id: node.name,
      pieces: [
        { ...(instance && nameStyle(instance)), text: '■ ' },
        { text: oneLine(node.name), bold: true },
        ...(mark ? [{ ...mark.style, text: `  ${mark.glyph} ${mark.word}` }] : [{ text: `  ${node.kind}`, dim: true }]),
      ],
      right: dirtPieces(node),
    },
    ...below.map(
      (pieces, i): TabLine => ({
        pieces: [{ text: i === below.length - 1 ? '  └─ ' : '  ├─ ', dim: true }, ...pieces],
      }),
    ),
  ];
};

/** Two columns need so many cells. */
const WIDE = 100;

const chosen = (scene: TabScene, nodes: readonly Node[]): string | null =>
  nodes.find(({ name }) => name === scene.own.cursor)?.name ?? nodes[0]?.name ?? null;

const diffColumn = (scene: TabScene, name: string): TabColumn => {
  const reply = scene.answers.get(diffOf(name));
  const title: Piece[] = [{ text: `diff of ${name}`, bold: true }];
  if (!reply) return { title, lines: [], weight: 3, empty: 'reading the diff …' };
  if (reply.exit !== 0) return { title, lines: [], weight: 3, empty: oneLine(reply.message) };
  return {
    title: [...title, { text: `  ${oneLine(reply.message)}`, dim: true }],
    lines: diffLines(reply.data as DiffData),
    weight: 3,
    empty: 'It has changed nothing.',
  };
};

const MODES = ['tree and diff', 'tree', 'diff'] as const;
const modeOf = ({ own, size }: TabScene): (typeof MODES)[number] => {
  const mode = MODES[own.mode] ?? MODES[0];
  return mode === 'tree and diff' && size.width < WIDE ? 'tree' : mode;
};

/** Which task, branch, session and worktree belong together, and what has been changed there. */
export const worktreesTab: Tab = {
  modes: MODES,
  asks: (scene) => {
    const name = chosen(scene, nodesOf(scene) ?? []);
    const diff = modeOf(scene) === 'tree' || name === null ? [] : [{ text: diffOf(name), everyMs: 3000 }];
    return [{ text: TREE, everyMs: 1000 }, ...diff];
  },
  body: (scene) => {
    const nodes = nodesOf(scene);
    const title: Piece[] = [{ text: 'worktrees', bold: true }];
    if (!nodes) {
      const empty = oneLine(scene.answers.get(TREE)?.message ?? 'looking at the worktrees …');
      return { columns: [{ title, lines: [], weight: 2, empty }] };
    }
    const tree: TabColumn = {
      title,
      lines: nodes.flatMap((node) => nodeLines(node, scene)),
      weight: 2,
      empty: 'No worktree. Each instance gets one of its own.',
    };
    const name = chosen(scene, nodes);
    const mode = modeOf(scene);
    if (name === null || mode === 'tree') return { columns: [tree] };
    return { columns: mode === 'diff' ? [diffColumn(scene, name)] : [tree, diffColumn(scene, name)] };
  },
  keys: [
    { keys: ['enter', 'd'], label: 'Enter', help: 'whole diff', command: diffOf },
    { keys: ['s'], label: 's', help: 'show', command: (id) => `show worktree ${id}` },
    {
      keys: ['a'],
      label: 'a',
      help: 'attach',
      command: (id, { state }) => (state.instances[id] ? `attach ${id}` : null),
    },
    { keys: ['m'], label: 'm', help: 'merge all verified', command: () => 'merge completed branches' },
    { keys: ['x'], label: 'x', help: 'remove', command: (id) => `remove worktree ${id}` },
  ],
};
