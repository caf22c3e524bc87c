import { z } from 'zod';
import { shown } from '../../lib/text.ts';
import { instanceSchema } from '../../state/instances.ts';
import { doneInWords } from '../../tasks/done-count.ts';
import { instanceTable } from '../../text/instance-rows.ts';
import { drawTable } from '../../text/table.ts';
import { taskRowSchema, taskTable, withWord } from '../../text/task-rows.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { idsParam, lookUp, requireOne } from '../selection.ts';
import { groupRecord, groupRecordSchema, membersIn, tasksOf } from './group-members.ts';

const result = groupRecordSchema.extend({
  instances: z.array(instanceSchema),
  work: z.array(taskRowSchema),
  message: z.string(),
});

export const showGroup = defineCommand({
  verb: 'show',
  noun: 'group',
  summary: 'A group: its instances, their tasks, and how much of them is done',
  example: 'show group backend',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'required',
  one: 'group',
  reads: true,
  params: z.object({ id: idsParam }),
  result,
  run: async ({ store: { state } }, { id }) => {
    const group = lookUp(state.groups, requireOne(id, 'group'), 'group');
    const record = groupRecord(state, group);
    const done =
      record.tasks.length === 0
        ? 'no task yet'
        : `${doneInWords(record, record.total === 1 ? 'task' : 'tasks')}, ${record.percent} %`;
    const instances = membersIn(state, group.group_id);
    const count = instances.length === 0 ? 'no instance' : plural(instances.length, 'instance');
    const message = `${group.group_id}: ${count}; ${done}.`;
    const work = tasksOf(state, group.group_id).map((task) => withWord(task, state));
    return { message, data: { ...record, instances, work, message } };
  },
  draw: (data: z.infer<typeof result>, view) =>
    [
      `${data.message}${data.description === '' ? '' : `\n${shown(data.description)}`}`,
      drawTable(instanceTable(data.instances), view),
      drawTable({ ...taskTable(data.work), empty: 'No task.' }, view),
    ].join('\n\n'),
});
