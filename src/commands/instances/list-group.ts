import { z } from 'zod';
import { doneText } from '../../tasks/done-count.ts';
import { drawTable, type Table } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { type GroupRecord, groupRecord, groupRecordSchema } from './group-members.ts';

const table = (groups: readonly GroupRecord[]): Table => ({
  head: ['group', 'instances', 'tasks', 'done', 'what for'],
  rows: groups.map((one) => [
    { text: one.group_id },
    { text: one.members.map((member) => member.instance_id).join(' ') || '-' },
    { text: doneText(one) },
    { text: one.total === 0 ? '' : `${one.percent}%` },
    { text: one.description },
  ]),
  empty: 'No group yet.',
  next: [['Create one', 'create group backend']],
});

export const listGroup = defineCommand({
  verb: 'list',
  noun: 'group',
  summary: 'List the groups with their instances and how far they are',
  example: 'list groups',
  role: 'viewer',
  modifiers: [],
  target: 'optional',
  reads: true,
  params: z.object({ limit: z.coerce.number().int().min(1).optional() }),
  result: z.array(groupRecordSchema),
  run: async ({ store: { state } }, { limit }) => {
    const data = Object.values(state.groups)
      .slice(0, limit)
      .map((group) => groupRecord(state, group));
    return { message: `${plural(data.length, 'group')}.`, data };
  },
  draw: (data: readonly GroupRecord[], view) => drawTable(table(data), view),
});
