import { z } from 'zod';
import { dataOf } from '../../state/facts.ts';
import { defineCommand } from '../define.ts';
import { badParameter } from '../errors.ts';
import { instanceParams, lookUp, requireSome, selectInstances } from '../selection.ts';
import { joinFacts, NO_GROUP } from './group-members.ts';

export const setInstance = defineCommand({
  verb: 'set',
  noun: 'instance',
  summary: 'Put instances into a group, or with group=none out of theirs',
  example: 'set instance rehearsal-1 group=backend',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'moves the instances to another group',
  params: z.object({
    ...instanceParams,
    group: z.string().describe('The group that it belongs to from now on; none: no group'),
  }),
  result: z.object({ group: z.string().nullable(), moved: z.array(z.string()) }),
  run: async (context, { group: said, ...targets }) => {
    const group = said === NO_GROUP ? null : said;
    const facts = await context.decide((state) => {
      if (group !== null) lookUp(state.groups, group, 'group');
      if (targets.id === undefined && targets.scope === undefined && targets.state === undefined)
        throw badParameter({ command: 'set instance', key: 'id', issue: 'it is not said which instance' });
      return joinFacts(requireSome(selectInstances(state, targets), 'instance', targets), group);
    });
    const moved = dataOf(facts, 'instance.grouped').map((one) => one.instance_id);
    const place = group === null ? 'no group' : group;
    const message =
      moved.length === 0
        ? `Nothing changes: ${group === null ? 'they are in no group' : `they belong to ${group} already`}.`
        : `${moved.join(', ')} ${moved.length === 1 ? 'belongs' : 'belong'} to ${place} now.`;
    return { message, data: { group, moved } };
  },
});
