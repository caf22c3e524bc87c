import { z } from 'zod';
import { modeNamed, modeNames } from '../../state/modes.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { type ModeRecord, modeRecord, modeRecordSchema, modeTable } from './mode-record.ts';

export const listMode = defineCommand({
  verb: 'list',
  noun: 'mode',
  summary: 'List the modes that agents work in: how far they go without asking, and what is asked of them',
  example: 'list modes',
  role: 'viewer',
  modifiers: [],
  target: 'optional',
  reads: true,
  params: z.object({ scope: z.literal('all').optional() }),
  result: z.array(modeRecordSchema),
  run: async ({ settings }) => {
    const data = modeNames(settings).map((name) => modeRecord(modeNamed(name, settings), settings));
    return { message: plural(data.length, 'mode'), data };
  },
  draw: (data: readonly ModeRecord[], view) => drawTable(modeTable(data), view),
});
