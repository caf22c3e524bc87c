import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { worktreeInUse } from '../errors.ts';
import { idsParam } from '../selection.ts';
import { folderNamed, foldersOf } from './worktree-rows.ts';

/** Refuses where the set-up would be in the way of somebody's work, or that of itself. */
const requireRest = (state: State, name: string): void => {
  const kind = Object.hasOwn(state.instances, name) ? state.instances[name]?.state.kind : undefined;
  if (kind !== undefined && ['creating', 'working', 'verifying', 'stopping'].includes(kind))
    throw worktreeInUse({
      name,
      by: `${name} is ${kind} there`,
      hint: `Wait until it is idle, or pause it: pause instance ${saidId(name)}`,
    });
};

export const setupWorktree = defineCommand({
  verb: 'setup',
  noun: 'worktree',
  summary: 'Copy, link and run again what worktrees.copy, .link and .setup say; what is there already is kept',
  example: 'setup worktree rehearsal-1',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'copies missing files from the checkout and runs the set-up command in the worktrees',
  params: z.object({ id: idsParam.describe('Their names') }),
  result: z.array(
    z.object({
      worktree: z.string(),
      log: z
        .string()
        .nullable()
        .describe('The file with what the set-up did and printed; null when nothing was to be done'),
    }),
  ),
  run: async (context, { id }) => {
    const { ours } = await foldersOf(context);
    const folders = [...new Set(id)].map((name) => folderNamed(ours, name));
    for (const { name } of folders) requireRest(context.store.state, name);
    const data: { worktree: string; log: string | null }[] = [];
    for (const folder of folders) data.push({ worktree: folder.name, ...(await context.setUp(folder)) });
    const done = data.filter(({ log }) => log !== null);
    const message =
      done.length === 0
        ? 'Nothing is to be set up: worktrees.copy, worktrees.link and worktrees.setup are not set.'
        : `Set up ${plural(done.length, 'worktree')}: ${done.map(({ worktree }) => worktree).join(', ')}. Log: ${done[0]!.log}`;
    return { message, data, sideEffects: done.map(({ worktree }) => `worktree ${worktree} set up`) };
  },
});
