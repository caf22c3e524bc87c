import { z } from 'zod';
import { begunBefore, noteBegun } from '../begun.ts';
import { defineCommand } from '../define.ts';
import { nothingToDo } from '../errors.ts';

export const removeTrust = defineCommand({
  verb: 'remove',
  noun: 'trust',
  summary: 'Trust nothing of the repository’s file any more: what it runs and allows is off at once',
  example: 'revoke trust',
  role: 'admin',
  modifiers: [],
  target: 'none',
  reads: false,
  effects: 'forgets what was trusted of this repository',
  params: z.object({}),
  result: z.object({ file: z.string() }),
  loss: () => ({
    targets: [],
    loses: 'What the repository’s file runs and allows will be off, its rules that deny too.',
  }),
  run: async (context) => {
    const { trust, configuration } = context;
    const file = configuration.files.project;
    await noteBegun(context, { trust: file });
    if (!(await trust.revoke()) && !begunBefore(context))
      throw nothingToDo({ message: `Nothing of ${file} was trusted.`, hint: 'Look at it: drover trust --show' });
    return { message: `Nothing of ${file} is trusted any more.`, data: { file } };
  },
});
