import { z } from 'zod';
import { parseDuration } from '../../lib/duration.ts';
import { codeOf, messageOf } from '../../lib/errors.ts';
import { oneLine } from '../../lib/text.ts';
import { type Cell, drawTable } from '../../text/table.ts';
import { formatSize, plural } from '../../text/wording.ts';
import { begunBefore, noteBegun } from '../begun.ts';
import { type Context, defineCommand } from '../define.ts';
import { idsParam } from '../selection.ts';
import { worktreeInUse } from '../errors.ts';
import { leftIn, leftQuestion, leftSchema, planLeft, removeLeft, staysText } from './clean-kept.ts';
import { type Cleaning, findCleaning, type Going, type Kept } from './cleaning.ts';
import { foldersOf } from './worktree-rows.ts';
import { assertFree } from './worktree-use.ts';

const goneSchema = z.object({
  worktree: z.string(),
  why: z.string(),
  bytes: z.number().nullable().describe('How much of the disk it takes; null when that cannot be told'),
  archive: z.string().nullable().describe('The ref that keeps what was there; null with dry-run'),
});
const dataSchema = z.object({
  removed: z.array(goneSchema).describe('With dry-run, what would be removed'),
  kept: z.array(z.object({ worktree: z.string(), why: z.string() })),
  trash: z
    .array(z.object({ worktree: z.string(), removed_at: z.string() }))
    .describe('With force, what lay in the trash before and is deleted with it'),
  left: z
    .array(leftSchema)
    .describe('The folders beside the worktrees with repositories that tasks left there; they go only with kept'),
  dry_run: z.boolean(),
});
type Data = z.infer<typeof dataSchema>;

type Params = {
  id?: string[] | undefined;
  state?: unknown;
  older?: string | undefined;
  kept?: string | undefined;
};
type Plan = Cleaning & {
  readonly trash: Awaited<ReturnType<Context['trash']['list']>>;
  readonly left: Awaited<ReturnType<typeof planLeft>>;
};

const planOf = async (context: Context, params: Params, modifiers: readonly string[]): Promise<Plan> => {
  const { id, state, older } = params;
  const cleaning = await findCleaning(context, {
    names: id,
    stale: state !== undefined,
    olderMs: older === undefined ? undefined : parseDuration(older),
  });
  const empties = modifiers.includes('force') && id === undefined;
  // Who names worktrees asks for these alone.
  const left = id === undefined ? await planLeft(context, params) : [];
  return { ...cleaning, left, trash: empties ? await context.trash.list() : [] };
};

const named = (list: readonly { readonly name: string; readonly why: string }[]): string =>
  list.map(({ name, why }) => `${name} (${oneLine(why)})`).join(', ');

const sizeText = (going: Cleaning['going']): string =>
  formatSize(going.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0));

/** When the disk has its room again. */
const roomText = (context: Context, going: Cleaning['going'], modifiers: readonly string[]): string => {
  if (going.length === 0) return '';
  const { trash } = context.settings.cleanup;
  const isLater = !modifiers.includes('force') && trash !== 'off';
  return isLater
    ? ` ${sizeText(going)} will be free when the trash is emptied, after ${trash}; until then "restore worktree" brings them back, unless an agent has started again in the place of one.`
    : ` That frees ${sizeText(going)} at once.`;
};

const keptText = ({ kept }: Cleaning): string =>
  kept.length === 0 ? '' : ` ${kept.length === 1 ? 'This one stays' : 'These stay'}: ${named(kept)}.`;

const trashText = ({ trash }: Plan): string =>
  trash.length === 0
    ? ''
    : ` The trash is emptied: ${plural(trash.length, 'removed worktree')} (${trash.map(({ name }) => name).join(', ')}) cannot be restored any more.`;

const nothingText = (context: Context, plan: Plan): string | undefined =>
  plan.going.length === 0 && plan.trash.length === 0
    ? `No worktree is to be cleaned up.${keptText(plan)}${staysText(context, plan.left)}`
    : undefined;

const dataOf = (plan: Plan, removed: Data['removed'], isDry: boolean): Data => ({
  removed,
  kept: plan.kept.map(({ name, why }) => ({ worktree: name, why })),
  trash: plan.trash.map(({ name, removed_at }) => ({ worktree: name, removed_at })),
  left: leftIn(plan.left),
  dry_run: isDry,
});

/** The errors by which one stays, and others go: somebody uses it, or what is in its sandbox alone cannot be kept. */
const STAYS: readonly string[] = [worktreeInUse.code, 'git/inside'];

/** Removes one worktree; why it stays, where that was not known when the plan was made. */
const removeOne = async (context: Context, one: Going, forGood: boolean): Promise<Data['removed'][number] | Kept> => {
  const { name, why, bytes } = one;
  try {
    const { archive } = await context.removeWorktree(one, { forGood, assertUnused: () => assertFree(context, one) });
    return { worktree: name, why, bytes, archive };
  } catch (error) {
    if (!STAYS.includes(codeOf(error))) throw error;
    return { name, why: messageOf(error) };
  }
};

/** Ends the removals of this very request that had taken the folders away when its daemon died. */
const finishBegun = async (context: Context): Promise<Data['removed']> => {
  const { ours } = await foldersOf(context);
  const gone = [...(begunBefore(context) ?? [])].filter(([name]) => ours.every((one) => one.name !== name));
  const removed: Data['removed'] = [];
  for (const [name, path] of gone) {
    const { archive } = await context.finishRemoval({ name, path });
    removed.push({ worktree: name, why: 'it was removed before the daemon ended', bytes: null, archive });
  }
  return removed;
};

/** Removes what was asked about, as far as nothing speaks for it now. */
const carryOut = async (context: Context, plan: Plan, modifiers: readonly string[], agreed: readonly string[]) => {
  const removed: Data['removed'] = [];
  const kept: Kept[] = [...plan.kept];
  const going = plan.going.filter(({ name }) => agreed.includes(name));
  await noteBegun(context, Object.fromEntries(going.map(({ name, path }) => [name, path])));
  for (const one of going) {
    const end = await removeOne(context, one, modifiers.includes('force'));
    if ('archive' in end) removed.push(end);
    else kept.push(end);
  }
  const lived: string[] = [];
  for (const one of plan.trash) if (!(await context.trash.delete(one))) lived.push(one.name);
  return { removed, kept, lived };
};

const fateOf = (isGoing: boolean, isDry: boolean): Cell => {
  if (!isGoing) return { text: 'stays', tone: 'busy' };
  return { text: isDry ? 'goes' : 'gone', tone: 'good' };
};

const draw = (
  { removed, kept, left, dry_run }: Data,
  view: Parameters<typeof drawTable>[1],
  message: string,
): string => {
  const rows = [
    ...removed.map(({ worktree, why, bytes }) => [
      { text: worktree },
      fateOf(true, dry_run),
      { text: bytes === null ? '?' : formatSize(bytes) },
      { text: why },
    ]),
    ...kept.map(({ worktree, why }) => [
      { text: worktree },
      fateOf(false, dry_run),
      { text: '' },
      { text: oneLine(why) },
    ]),
    ...left.map((one) => [
      { text: one.folder },
      fateOf(one.removed, dry_run),
      { text: one.bytes === null ? '?' : formatSize(one.bytes) },
      { text: 'repositories that a task left' },
    ]),
  ];
  if (rows.length === 0) return message;
  return `${message}\n\n${drawTable({ head: ['worktree', '', 'size', 'why'], rows, empty: '' }, view)}`;
};

export const cleanWorktree = defineCommand({
  verb: 'clean',
  noun: 'worktree',
  summary: 'Remove the worktrees that are merged and clean, and that nobody needs or is in; the others are named',
  example: 'clean worktrees dry-run',
  role: 'operator',
  modifiers: ['dry-run', 'force'],
  target: 'none',
  reads: false,
  effects:
    'archives what is there and moves the folders into the trash; with force deletes them, and what is in the trash',
  params: z.object({
    id: idsParam.optional().describe('Only these, by their names'),
    scope: z.literal('all').optional(),
    state: z
      .union([z.literal('stale'), z.tuple([z.literal('stale')])])
      .optional()
      .describe('stale: only those whose instance is not there any more'),
    older: z
      .string()
      .refine((text) => parseDuration(text) !== undefined, 'it is a time like 30m, 24h or 7d')
      .optional()
      .describe('Only those in which nothing happened for so long, as 7d'),
    kept: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Instead, a folder beside the worktrees with repositories that a task left in one, by its name, or all: it is deleted for good',
      ),
  }),
  result: dataSchema,
  asks: async (context, params, modifiers) => {
    if (modifiers.includes('dry-run')) return undefined;
    if (params.kept !== undefined) return leftQuestion(context, await planLeft(context, params));
    const plan = await planOf(context, params, modifiers);
    if (nothingText(context, plan) !== undefined) return undefined;
    const what =
      plan.going.length === 0 ? '' : `This removes ${plural(plan.going.length, 'worktree')}: ${named(plan.going)}.`;
    return {
      targets: plan.going.map(({ name }) => name),
      loses: `${what}${roomText(context, plan.going, modifiers)}${trashText(plan)}${keptText(plan)}`.trim(),
    };
  },
  // Only the disk knows whether there is such a folder.
  unsure: (_standing, { kept }) => kept !== undefined,
  foresees: (_standing, _params, modifiers) => (modifiers.includes('dry-run') ? undefined : 'may ask'),
  run: async (context, params, modifiers, asked) => {
    const isDry = modifiers.includes('dry-run');
    if (params.kept !== undefined) return removeLeft(context, await planLeft(context, params), { isDry, asked });
    const finished = isDry ? [] : await finishBegun(context);
    const id = params.id?.filter((name) => finished.every(({ worktree }) => worktree !== name));
    const plan = await planOf(context, { ...params, id }, modifiers);
    const nothing = finished.length === 0 ? nothingText(context, plan) : undefined;
    if (nothing !== undefined) return { message: nothing, data: dataOf(plan, [], isDry) };
    if (isDry) {
      const removed = plan.going.map(({ name, why, bytes }) => ({ worktree: name, why, bytes, archive: null }));
      const message = `This would remove ${plural(removed.length, 'worktree')}.${roomText(context, plan.going, modifiers)}${trashText(plan)}${staysText(context, plan.left)}`;
      return { message, data: dataOf(plan, removed, true) };
    }
    // What was asked about is known from before, and what this very request has removed of it cannot be asked about again.
    const agreed = [...(begunBefore(context)?.keys() ?? asked?.targets ?? [])];
    const { removed: others, kept, lived } = await carryOut(context, plan, modifiers, agreed);
    const removed = [...finished, ...others];
    const gone = plan.going.filter(({ name }) => removed.some(({ worktree }) => worktree === name));
    const stays = lived.length === 0 ? '' : ` A process is still in the removed ${lived.join(', ')}, which stays.`;
    return {
      message: `Removed ${plural(removed.length, 'worktree')}.${roomText(context, gone, modifiers)}${stays}${staysText(context, plan.left)}`,
      data: dataOf({ ...plan, kept }, removed, false),
      sideEffects: removed.map(({ worktree, archive }) => `worktree ${worktree} removed, kept as ${archive}`),
    };
  },
  draw,
});
