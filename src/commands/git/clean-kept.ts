import { z } from 'zod';
import { momentBefore, spanText } from '../../lib/duration.ts';
import { saidOption } from '../../protocol/say.ts';
import { formatSize, plural } from '../../text/wording.ts';
import { begunBefore, noteBegun } from '../begun.ts';
import type { Context, LeftRepositories, Loss, Outcome } from '../define.ts';
import { badParameter, notFound } from '../errors.ts';

export const leftSchema = z.object({
  folder: z.string().describe('Its name beside the worktrees'),
  path: z.string(),
  bytes: z.number().nullable().describe('How much of the disk it takes; null when that cannot be told'),
  kept_at: z.string(),
  removed: z.boolean().describe('Whether it was deleted, or with dry-run would be'),
});
type Left = z.infer<typeof leftSchema>;

type Params = { id?: unknown; state?: unknown; kept?: string | undefined; older?: string | undefined };
type Plan = readonly (Left & { readonly one: LeftRepositories })[];

/** All that tasks have left in worktrees and that is kept, with what `kept=` means of it. */
export const planLeft = async (context: Context, { id, state, kept, older }: Params): Promise<Plan> => {
  if (kept !== undefined && (id !== undefined || state !== undefined))
    throw badParameter({
      command: 'clean worktree',
      key: 'kept',
      issue: 'it goes with no name or state of a worktree',
    });
  const all = await context.leftRepositories.list();
  const known = all.map(({ name }) => name);
  const isKnown = kept === undefined || kept === 'all' || known.includes(kept) || begunBefore(context)?.has(kept);
  if (!isKnown) throw notFound({ noun: 'folder with repositories', id: kept, known });
  const before = older === undefined ? Number.POSITIVE_INFINITY : momentBefore(Date.parse(context.now()), older);
  const isMeant = ({ name, kept_at }: LeftRepositories): boolean =>
    (kept === 'all' || kept === name) && Date.parse(kept_at) < before;
  return Promise.all(
    all.map(async (one) => ({
      ...{ one, folder: one.name, path: one.path, kept_at: one.kept_at, removed: isMeant(one) },
      bytes: await context.leftRepositories.sizeOf(one),
    })),
  );
};

const leftOf = ({ one: _one, ...left }: Plan[number]): Left => left;

/** The same for those who read it. */
export const leftIn = (plan: Plan): Left[] => plan.map(leftOf);

const sizeText = ({ bytes }: Left): string => (bytes === null ? 'of unknown size' : formatSize(bytes));

const namedLeft = ({ now }: Pick<Context, 'now'>, plan: Plan): string =>
  plan
    .map((one) => `${one.folder} (${sizeText(one)}, ${spanText(Date.parse(now()) - Date.parse(one.kept_at))} old)`)
    .join(', ');

const WHAT = 'repositories that tasks left in worktrees';

/** What stays of it where worktrees are cleaned up, and how it goes. */
export const staysText = (context: Pick<Context, 'now'>, plan: Plan): string =>
  plan.length === 0
    ? ''
    : ` Kept beside them, with ${WHAT}: ${namedLeft(context, plan)}. They go by "clean worktrees ${saidOption('kept', plan.length === 1 ? plan[0]!.folder : 'all')}".`;

const NOTHING = 'Nothing of what tasks left in worktrees is to be removed.';

/** The question before it is deleted; undefined where nothing is meant. */
export const leftQuestion = (context: Pick<Context, 'now'>, plan: Plan): Loss | undefined => {
  const going = plan.filter(({ removed }) => removed);
  if (going.length === 0) return undefined;
  return {
    targets: going.map(({ folder }) => folder),
    loses: `This deletes for good ${plural(going.length, 'folder')} with ${WHAT}: ${namedLeft(context, going)}.`,
  };
};

type Run = { readonly isDry: boolean; readonly asked: Loss | undefined };

/** Deletes what was asked about, unless a process is in it. */
export const removeLeft = async (context: Context, plan: Plan, { isDry, asked }: Run): Promise<Outcome> => {
  const going = plan.filter(({ removed, folder }) => removed && (isDry || asked?.targets.includes(folder)));
  const dataWith = (gone: Plan) => ({
    ...{ removed: [], kept: [], trash: [], dry_run: isDry },
    left: plan.map((one) => ({ ...leftOf(one), removed: gone.includes(one) })),
  });
  // This very request may have deleted some before its daemon died.
  const finished = [...(begunBefore(context) ?? [])].filter(([name]) => plan.every(({ folder }) => folder !== name));
  if (going.length + finished.length === 0) return { message: NOTHING, data: dataWith([]) };
  if (isDry) {
    const message = `This would delete for good ${plural(going.length, 'folder')} with ${WHAT}: ${namedLeft(context, going)}.`;
    return { message, data: dataWith(going) };
  }
  await noteBegun(context, Object.fromEntries(going.map(({ folder, path }) => [folder, path])));
  const gone: Plan[number][] = [];
  for (const one of going) if (await context.leftRepositories.delete(one.one)) gone.push(one);
  const lived = going.filter((one) => !gone.includes(one));
  const stays = lived.length === 0 ? '' : ` A process is still in ${namedLeft(context, lived)}, which stays.`;
  return {
    message: `Deleted ${plural(finished.length + gone.length, 'folder')} with ${WHAT}.${stays}`,
    data: dataWith(gone),
    sideEffects: [...finished.map(([, path]) => path), ...gone.map(({ path }) => path)].map(
      (path) => `${path} deleted`,
    ),
  };
};
