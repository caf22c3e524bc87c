import { z } from 'zod';
import type { Instance } from '../../state/instances.ts';
import { INSTANCE_LOOK } from '../../text/instance-rows.ts';
import type { Table, Tone } from '../../text/table.ts';
import type { Context, Repository } from '../define.ts';
import { baseCommit } from '../instances/launch-facts.ts';
import { type SessionRow, sessionsOf } from '../sessions/session-rows.ts';

const WINDOWS = ['active', 'minimized', 'closed'] as const;
const SYNCS = ['synced', 'modified', 'conflict', 'gone'] as const;

export const visualSchema = z.object({
  instance_id: z.string(),
  state: z.string(),
  color_name: z.string(),
  primary_color: z.string(),
  accent_color: z.string(),
  workspace: z.string(),
  window_status: z
    .enum(WINDOWS)
    .describe('active: somebody looks at its session; minimized: it runs unseen; closed: it has none'),
  current_tasks: z.array(z.string()),
  last_activity: z.string().describe('When its terminal, or its state, changed last'),
  workspace_sync_status: z
    .enum(SYNCS)
    .describe(
      'modified: it has work that the base has not; conflict: that work and the base exclude each other; gone: no worktree',
    ),
});
export type VisualRow = z.infer<typeof visualSchema>;

/** What the work of agents is compared with: the branch it starts from, and the one it is merged into. */
const comparedCommits = async (context: Pick<Context, 'git' | 'settings'>): Promise<readonly string[]> => {
  const { git, settings } = context;
  const [base, integration] = await Promise.all([
    baseCommit(context),
    git.resolve(`refs/heads/${settings.branches.integration}`),
  ]);
  return [...new Set([base, ...(integration === null ? [] : [integration])])];
};

/** How a worktree that is there stands to the base. Uncommitted work counts as if it were committed. */
const presentSync = async (
  { git }: Pick<Context, 'git'>,
  workspace: string,
  grounds: readonly string[],
): Promise<VisualRow['workspace_sync_status']> => {
  const { head, dirty } = await git.worktreeState(workspace);
  const apart = await Promise.all(grounds.map((ground) => git.divergence(ground, head)));
  const missing = grounds.filter((_ground, i) => apart[i]!.behind > 0);
  const changed = dirty.length > 0 || apart.every(({ ahead }) => ahead > 0);
  if (!changed || missing.length === 0) return changed ? 'modified' : 'synced';
  const work = dirty.length > 0 ? ((await git.snapshot(workspace, 'as it is now')) ?? head) : head;
  const clash = await Promise.all(missing.map((ground) => git.clashes(ground, work)));
  return clash.includes(true) ? 'conflict' : 'modified';
};

const syncOf: typeof presentSync = async (context, workspace, grounds) => {
  const { git } = context;
  if (!(await git.hasWorktree(workspace))) return 'gone';
  return presentSync(context, workspace, grounds).catch(async (error: unknown): Promise<'gone'> => {
    // The worktree may have been removed during the look.
    if (await git.hasWorktree(workspace)) throw error;
    return 'gone';
  });
};

const rowOf = (
  instance: Instance,
  seat: SessionRow | undefined,
  sync: VisualRow['workspace_sync_status'],
): VisualRow => {
  const { color_name, primary_color, accent_color } = instance.peacock_theme;
  const { since } = instance.state;
  return {
    instance_id: instance.instance_id,
    state: instance.state.kind,
    color_name,
    primary_color,
    accent_color,
    workspace: instance.workspace_path,
    window_status: !seat ? 'closed' : seat.clients.length > 0 ? 'active' : 'minimized',
    current_tasks: [...instance.task_assignments],
    last_activity: seat && seat.last_activity > since ? seat.last_activity : since,
    workspace_sync_status: sync,
  };
};

/** How every agent would look on a wall of screens: its colour, its window, its tasks and the state of its worktree. */
export const visualRows = async (
  context: Repository & Pick<Context, 'settings' | 'store' | 'tmux'>,
): Promise<readonly VisualRow[]> => {
  const [grounds, seats] = await Promise.all([comparedCommits(context), sessionsOf(context)]);
  const instances = Object.values(context.store.state.instances);
  return Promise.all(
    instances.map(async (instance) => {
      const seat = seats.find(({ row }) => row.instance === instance.instance_id)?.row;
      return rowOf(instance, seat, await syncOf(context, instance.workspace_path, grounds));
    }),
  );
};

const WINDOW_LOOK: Readonly<Record<VisualRow['window_status'], { glyph: string; tone: Tone }>> = {
  active: { glyph: '▣', tone: 'good' },
  minimized: { glyph: '▁', tone: 'busy' },
  closed: { glyph: '□', tone: 'dim' },
};
const SYNC_LOOK: Readonly<Record<VisualRow['workspace_sync_status'], { glyph: string; tone: Tone }>> = {
  synced: { glyph: '○', tone: 'good' },
  modified: { glyph: '●', tone: 'busy' },
  conflict: { glyph: '✖', tone: 'bad' },
  gone: { glyph: '□', tone: 'dim' },
};

export const visualTable = (rows: readonly VisualRow[]): Table => ({
  head: ['instance', 'state', 'color', 'window', 'worktree', 'tasks', 'last activity', 'workspace'],
  rows: rows.map((row) => {
    const look = INSTANCE_LOOK[row.state as Instance['state']['kind']];
    const hex: Tone = { hex: row.primary_color };
    const window = WINDOW_LOOK[row.window_status];
    const sync = SYNC_LOOK[row.workspace_sync_status];
    return [
      { text: row.instance_id, tone: hex },
      { text: `${look.glyph} ${row.state}`, tone: look.tone },
      { text: `■ ${row.color_name}`, tone: hex },
      { text: `${window.glyph} ${row.window_status}`, tone: window.tone },
      { text: `${sync.glyph} ${row.workspace_sync_status}`, tone: sync.tone },
      { text: row.current_tasks.join(' ') || '-' },
      { text: row.last_activity.replace('T', ' ').replace(/\.\d+Z$/u, ''), tone: 'dim' },
      { text: row.workspace, tone: 'dim' },
    ];
  }),
  least: ['workspace', 'last activity', 'tasks'],
  empty: 'No instance.',
  next: [['Start some', 'launch 3 instances']],
});
