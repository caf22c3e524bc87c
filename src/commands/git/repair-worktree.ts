import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { isWorktreesFolder } from '../../lib/worktrees-folder.ts';
import type { AppEvent } from '../../state/index.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand } from '../define.ts';
import { absolute } from '../plans/places.ts';
import { idsParam } from '../selection.ts';
import { placedFacts } from './worktree-name.ts';
import { foldersOf } from './worktree-rows.ts';

const mendedSchema = z.object({
  worktree: z.string(),
  from: z.string().describe('Where git thought it was'),
  path: z.string(),
});
type Mended = z.infer<typeof mendedSchema>;

/** The folders that are meant: by the names of worktrees, or by their paths. */
const placesOf = async (context: Context, ids: readonly string[] | undefined): Promise<readonly string[]> => {
  const { ours } = await foldersOf(context);
  if (!ids) return ours.map(({ path }) => path);
  return Promise.all(
    [...new Set(ids)].map(
      async (id) => ours.find(({ name }) => name === id)?.path ?? (await context.git.place(absolute(context, id))),
    ),
  );
};

/** The instance whose worktree was there. */
const instanceAt = async ({ git, store }: Context, path: string): Promise<string | undefined> => {
  for (const { instance_id, workspace_path } of Object.values(store.state.instances))
    if (workspace_path === path || (await git.place(workspace_path)) === path) return instance_id;
  return undefined;
};

/**
 * The instance of a worktree that is in its place by now, and was not when that was recorded: a daemon was killed in between,
 * and left its name there.
 */
const strandedAs = async ({ git, store }: Context, path: string, name: string | null): Promise<string | undefined> => {
  const { instances } = store.state;
  if (name === null || !Object.hasOwn(instances, name)) return undefined;
  const recorded = await git.place(instances[name]!.workspace_path);
  return recorded !== path && !(await git.hasWorktree(recorded)) ? name : undefined;
};

const repairOne = async (context: Context, path: string): Promise<Mended> => {
  const { git, paths, store } = context;
  const wasOurs = (place: string) => isWorktreesFolder(dirname(place), paths.key);
  const { path: known, name: given } = await git.registeredAs(path);
  const instance = (await instanceAt(context, known)) ?? (await strandedAs(context, path, given));
  const name = instance ?? given ?? basename(known);
  // A folder elsewhere, or of another name, would not be known for what it was, also if the daemon is killed before the end.
  const isNamed = instance === given || (instance === undefined && (given !== null || !wasOurs(known)));
  if (known !== path && !isNamed) await git.nameWorktree(known, name);
  await git.repairWorktree(path);
  if (instance === undefined) return { worktree: name, from: known, path };
  const recorded = await git.place(store.state.instances[instance]!.workspace_path);
  const isPlaced = ({ type, data }: AppEvent): boolean => type === 'instance.placed' && data.instance_id === instance;
  // What this very request has recorded is taken up again, so that it is known to have come to its end.
  if (recorded !== path || context.earlier.some(isPlaced))
    await context.decide((state) => placedFacts(state, instance, path), isPlaced);
  return { worktree: name, from: recorded, path };
};

const sentence = ({ worktree, from, path }: Mended): string =>
  from === path ? worktree : `${worktree}, now at ${path}`;

export const repairWorktree = defineCommand({
  verb: 'repair',
  noun: 'worktree',
  summary: 'Join git and worktrees again whose folder somebody moved, by the folder where one is now',
  example: 'repair worktree "../moved/look-around"',
  role: 'operator',
  modifiers: [],
  target: 'optional',
  reads: false,
  effects: 'has git, and the instance of the worktree, know where its folder is',
  params: z.object({
    id: idsParam
      .optional()
      .describe('The folders where they are now, or names; without any, the links of all that are in their place'),
  }),
  result: z.object({
    repaired: z.array(mendedSchema),
    missing: z.array(z.string()).describe('Where git thinks that worktrees are whose folder is not there'),
  }),
  run: async (context, { id }) => {
    const repaired: Mended[] = [];
    for (const path of await placesOf(context, id)) repaired.push(await repairOne(context, path));
    const missing = [...(await context.git.vanishedWorktrees())];
    const lost =
      missing.length === 0
        ? ''
        : ` ${plural(missing.length, 'folder')} of worktrees ${missing.length === 1 ? 'is' : 'are'} missing: ${missing.join(', ')}; where one was moved, name the folder that it is now.`;
    const done = repaired.length === 0 ? 'No worktree is there.' : `Repaired ${repaired.map(sentence).join('; ')}.`;
    return {
      message: `${done}${lost}`,
      data: { repaired, missing },
      sideEffects: repaired
        .filter(({ from, path }) => from !== path)
        .map(({ worktree, path }) => `worktree ${worktree} is at ${path}`),
    };
  },
});
