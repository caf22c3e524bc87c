import { z } from 'zod';
import { valuesOf } from '../../lib/records.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { lookUp } from '../selection.ts';
import { groupIds, joinFacts, membersOf } from './group-members.ts';

export const removeGroup = defineCommand({
  verb: 'remove',
  noun: 'group',
  summary: 'Dissolve a group; its instances go on without it, and tasks for it may be done by any',
  example: 'remove group backend',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'forgets the group; its instances go on without one',
  params: z.object({ id: groupIds }),
  result: z.object({ groups: z.array(z.string()), left: z.array(z.string()).describe('Who belonged to them') }),
  loss: (state, { id }) => {
    const members = membersOf(state, id).map((one) => one.instance_id);
    const who =
      members.length === 0
        ? 'nobody belongs to it'
        : `${members.join(', ')} ${members.length === 1 ? 'goes' : 'go'} on without it`;
    return { targets: id, loses: `This removes ${plural(id.length, 'group')} (${id.join(', ')}); ${who}.` };
  },
  run: async (context, { id }) => {
    const groups = [...new Set(id)];
    let left: string[] = [];
    await context.decide((state) => {
      const members = membersOf(state, groups);
      left = members.map((one) => one.instance_id);
      const gone = groups.map((group) => lookUp(state.groups, group, 'group').group_id);
      const waiting = valuesOf(state.tasks)
        .filter((task) => task.requested && task.run_group !== null && gone.includes(task.run_group))
        .map((task) => task.id);
      return [
        ...joinFacts(members, null),
        ...(waiting.length === 0 ? [] : [{ type: 'task.requested', data: { ids: waiting, group: null } } as const]),
        ...gone.map((group_id) => ({ type: 'group.removed', data: { group_id } }) as const),
      ];
    });
    const who =
      left.length === 0 ? '' : ` ${left.join(', ')} ${left.length === 1 ? 'belongs' : 'belong'} to no group now.`;
    return {
      message: `Removed ${plural(groups.length, 'group')}: ${groups.join(', ')}.${who}`,
      data: { groups, left },
    };
  },
});
