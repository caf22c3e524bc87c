import { z } from 'zod';
import { begunBefore, noteBegun } from '../begun.ts';
import { defineCommand } from '../define.ts';
import { badBranchName, branchExists, noSuchCommit } from '../errors.ts';
import { baseCommit } from '../instances/launch-facts.ts';
import { idsParam, requireOne } from '../selection.ts';

export const createBranch = defineCommand({
  verb: 'create',
  noun: 'branch',
  summary: 'Make a branch at a commit; one that exists is never moved',
  example: 'create branch feature/login from main',
  role: 'operator',
  modifiers: [],
  target: 'required',
  one: 'branch',
  reads: false,
  effects: 'makes the branch; nothing is checked out',
  params: z.object({
    id: idsParam.describe('Its name'),
    from: z.string().optional().describe('The branch, tag or commit it begins at; without it, the base branch'),
  }),
  result: z.object({ branch: z.string(), commit: z.string() }),
  unsure: () => true,
  run: async (context, { id, from }) => {
    const { git } = context;
    const branch = requireOne(id, 'branch');
    if (!(await git.validBranch(branch))) throw badBranchName({ name: branch });
    const known = await git.resolve(`refs/heads/${branch}`);
    const commit = from === undefined ? await baseCommit(context) : await git.resolve(from);
    // This very request may have made it.
    if (known !== null && begunBefore(context)?.get(branch) !== known) throw branchExists({ branch, commit: known });
    if (commit === null) throw noSuchCommit({ name: from! });
    if (known === null) await noteBegun(context, { [branch]: commit });
    // Another process may have made the branch meanwhile.
    if (known === null && !(await git.moveBranch(branch, null, commit))) throw branchExists({ branch, commit });
    const at = known ?? commit;
    return {
      message: `Created the branch ${branch} at ${at.slice(0, 10)}.`,
      data: { branch, commit: at },
      sideEffects: [`branch ${branch}`],
    };
  },
});
