import { entryOf } from '../../lib/entry.ts';
import type { State } from '../../state/index.ts';
import { totalTokens } from '../../state/usage.ts';
import { tokensText } from '../../text/cost-rows.ts';
import type { ResourceRow } from '../../text/resource-rows.ts';
import type { WorktreeRow } from '../../text/worktree-row.ts';
import type { Query, QueryAnswers } from '../tabs/tab.ts';
import type { Piece } from '../widgets/pieces.ts';

/** What an agent has changed and what it uses and costs; null where that is not known. */
export type AgentStats = {
  /** Paths with work that is not committed. */
  readonly changed: number | null;
  readonly cpuPercent: number | null;
  readonly memoryMb: number | null;
  readonly tokens: number | null;
  readonly usd: number | null;
};

const SEPARATOR = ' · ';
const TOP = 'top instances';
const WORKTREES = 'list worktrees';

/** The commands that tell these numbers, asked while panes are shown and the swarm changes. */
export const STATS_QUERIES: readonly Query[] = [
  { text: TOP, everyMs: 4000 },
  // A look at each worktree costs some processes of git.
  { text: WORKTREES, everyMs: 10_000 },
];

const rowsIn = <Row>(answers: QueryAnswers, text: string): readonly Row[] => {
  const data = answers.get(text)?.data;
  return Array.isArray(data) ? (data as readonly Row[]) : [];
};

export const agentStatsOf = ({ usage }: Pick<State, 'usage'>, answers: QueryAnswers, ids: readonly string[]) => {
  const uses = new Map(rowsIn<ResourceRow>(answers, TOP).map((row) => [row.instance_id, row]));
  const trees = new Map(rowsIn<WorktreeRow>(answers, WORKTREES).map((row) => [row.instance, row]));
  return new Map(
    ids.map((id): [string, AgentStats] => {
      const spent = entryOf(usage.instances, id);
      const use = uses.get(id);
      const changed = trees.get(id)?.dirty ?? null;
      const money = { tokens: spent ? totalTokens(spent) : null, usd: spent ? spent.usd : null };
      return [id, { changed, cpuPercent: use?.cpu_percent ?? null, memoryMb: use?.memory_mb ?? null, ...money }];
    }),
  );
};

const memory = (mb: number): string => (mb < 1000 ? `${Math.round(mb)} MB` : `${(mb / 1024).toFixed(1)} GB`);

/** The numbers of an agent as far as they fit, the most telling first; zeros are left out. */
export const statPieces = (vitals: AgentStats, room: number): readonly Piece[] => {
  const { changed, cpuPercent, memoryMb, tokens, usd } = vitals;
  const parts: readonly Piece[] = [
    { text: changed ? `±${changed}` : '', color: 'yellow' },
    { text: usd ? `$${usd.toFixed(2)}` : '', dim: true },
    { text: cpuPercent === null ? '' : `${Math.round(cpuPercent)}%`, dim: true },
    { text: memoryMb === null ? '' : memory(memoryMb), dim: true },
    { text: tokens ? `${tokensText(tokens)} tokens` : '', dim: true },
  ];
  let left = room;
  return parts.flatMap((part) => {
    left -= part.text.length + SEPARATOR.length;
    return part.text === '' || left < 0 ? [] : [part, { text: SEPARATOR, dim: true }];
  });
};
