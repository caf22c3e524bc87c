import { z } from 'zod';
import { valuesOf } from '../../lib/records.ts';
import type { WorkNow } from '../../ports/radar.ts';
import { conflictFileSchema } from '../../state/conflicts.ts';
import type { State } from '../../state/index.ts';
import { fileText } from '../../text/conflict-text.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand } from '../define.ts';
import { baseCommit } from '../instances/launch-facts.ts';

const sideSchema = z.object({
  name: z.string().describe('The branch; of a worktree without one, its instance'),
  kind: z.enum(['integration', 'worktree', 'branch']).describe('integration: what all others are merged into'),
  task: z.string().nullable(),
  instance: z.string().nullable(),
  commit: z.string(),
  uncommitted: z.boolean().describe('Whether work that is not committed was compared as well'),
});
type Side = z.infer<typeof sideSchema>;

const pairSchema = z.object({
  first: z.string().describe('Name of one side'),
  second: z.string(),
  tasks: z.tuple([z.string().nullable(), z.string().nullable()]),
  files: z.array(conflictFileSchema),
});

const checkSchema = z.object({
  sides: z.array(sideSchema).describe('What was compared, each with each other'),
  conflicts: z.array(pairSchema),
  unseen: z
    .array(z.string())
    .describe('Branches that are not there, or instances whose worktree could not be looked at'),
});
type Check = z.infer<typeof checkSchema>;

type Compared = { readonly side: Side; readonly work: WorkNow };

const branchWork = (commit: string): WorkNow => ({ head: commit, tree: null, objects: null });

/** What the others are merged into: the branch of batches or, before the first one, what work starts from. */
const target = async (context: Pick<Context, 'git' | 'settings'>): Promise<Compared> => {
  const { integration } = context.settings.branches;
  const commit = await context.git.resolve(`refs/heads/${integration}`);
  const at = commit ?? (await baseCommit(context));
  const base = async () => context.settings.branches.base ?? (await context.git.currentBranch()) ?? 'the base';
  const name = commit === null ? await base() : integration;
  const side: Side = { name, kind: 'integration', task: null, instance: null, commit: at, uncommitted: false };
  return { side, work: branchWork(at) };
};

/** The worktrees of the instances, as the last look saw them. */
const worktrees = ({ radar, store: { state } }: Pick<Context, 'radar' | 'store'>): Compared[] =>
  [...radar.looks()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([instance, look]): Compared[] => {
      const task = valuesOf(state.tasks).findLast(({ run, batch }) => run?.instance === instance && batch === null);
      const name = task?.run?.branch ?? state.instances[instance]?.branch_name ?? instance;
      const about = { task: task?.id ?? null, instance, commit: look.head, uncommitted: look.tree !== null };
      return [{ side: { name, kind: 'worktree', ...about }, work: look }];
    });

/** The branches of tasks that are done and wait for their merge, where no worktree has them any more. */
const waitingBranches = (state: State, seen: readonly Compared[]): Side[] =>
  valuesOf(state.tasks).flatMap(({ id, state: now, batch, run }): Side[] => {
    const isSeen = seen.some(({ side }) => side.name === run?.branch);
    if (now !== 'done' || batch !== null || !run?.result || isSeen) return [];
    const about = { task: id, instance: run.instance, commit: run.result.head_commit, uncommitted: false };
    return [{ name: run.branch, kind: 'branch', ...about }];
  });

const check = async (context: Pick<Context, 'git' | 'radar' | 'settings' | 'signal' | 'store'>): Promise<Check> => {
  const { git, radar, store, signal } = context;
  const live = worktrees(context);
  const waiting = waitingBranches(store.state, live);
  const there = await Promise.all(waiting.map(async (side) => (await git.resolve(side.commit)) !== null));
  const branches = waiting
    .filter((_side, i) => there[i])
    .map((side): Compared => ({ side, work: branchWork(side.commit) }));
  const all = [await target(context), ...live, ...branches];
  const found = await git.foresee(
    all.map(({ work }) => work),
    signal,
  );
  const looks = radar.looks();
  const unseen = Object.values(store.state.instances).flatMap(({ instance_id: id, state }) =>
    looks.has(id) || state.kind === 'creating' ? [] : [id],
  );
  return {
    sides: all.map(({ side }) => side),
    conflicts: found.flatMap(({ pair, clashes }): Check['conflicts'] => {
      const [first, second] = [all[pair[0]]!.side, all[pair[1]]!.side];
      const files = clashes.map((one) => conflictFileSchema.parse(one));
      const tasks: [string | null, string | null] = [first.task, second.task];
      return files.length === 0 ? [] : [{ first: first.name, second: second.name, tasks, files }];
    }),
    unseen: [...unseen, ...waiting.filter((_side, i) => !there[i]).map(({ name }) => name)],
  };
};

const whose = (name: string, task: string | null): string => (task === null ? name : `${task} (${name})`);

const linesOf = ({ first, second, tasks, files }: Check['conflicts'][number]): string[] => [
  `${whose(first, tasks[0])} and ${whose(second, tasks[1])}`,
  ...files.map((file) => `  ${fileText({ instances: [first, second], tasks, files }, file)}`),
];

export const checkIntegration = defineCommand({
  verb: 'check',
  noun: 'integration',
  summary: 'Foresee which branches conflict: all that live with each other, and with what they are merged into',
  example: 'integrate check',
  role: 'viewer',
  modifiers: [],
  reads: true,
  target: 'none',
  params: z.object({}),
  result: checkSchema,
  run: async (context) => {
    const data = await check(context);
    const count = data.conflicts.length;
    const unseen = data.unseen.length > 0 ? ` Not looked at: ${data.unseen.join(', ')}.` : '';
    const compared = `${plural(data.sides.length - 1, 'branch')} compared with each other and with ${data.sides[0]!.name}`;
    const head = `${compared}: ${count === 0 ? 'no conflict is foreseen' : `${plural(count, 'conflict')} foreseen`}.${unseen}`;
    const message = [head, ...data.conflicts.flatMap(linesOf)].join('\n');
    return count === 0 ? { message, data } : { message, data, exit: 6 };
  },
});
