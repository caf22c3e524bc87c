import { z } from 'zod';
import { modeNamed, modeNames } from '../../state/modes.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { idsParam, requireOne } from '../selection.ts';
import { MODE_MODIFIERS, modesIn } from './mode-choice.ts';
import { type ModeRecord, modeRecord, modeRecordSchema, modeTable, modeText } from './mode-record.ts';

const modesNamed = (id: readonly string[], modifiers: readonly string[]): readonly string[] => [
  ...new Set([...id, ...modesIn(modifiers)]),
];

export const showMode = defineCommand({
  verb: 'show',
  noun: 'mode',
  summary: 'Everything about one mode: autonomy, arguments of each agent, retries, gates, and what the brief says',
  example: 'show mode beast',
  role: 'viewer',
  // The grammar reads `beast` alone as one of these modifiers, whatever verb comes before it.
  modifiers: MODE_MODIFIERS,
  target: 'optional',
  reads: true,
  params: z.object({ id: idsParam.optional().describe('Which one') }),
  result: z.union([modeRecordSchema, z.array(modeRecordSchema).describe('When none is named')]),
  names: 'settings',
  refuses: ({ settings }, { id = [] }, modifiers) => {
    const names = modesNamed(id, modifiers);
    if (names.length > 0) modeNamed(requireOne(names, 'mode'), settings);
  },
  run: async ({ settings }, { id = [] }, modifiers) => {
    const names = modesNamed(id, modifiers);
    const record = (name: string): ModeRecord => modeRecord(modeNamed(name, settings), settings);
    if (names.length === 0) {
      const data = modeNames(settings).map(record);
      return { message: plural(data.length, 'mode'), data };
    }
    const data = record(requireOne(names, 'mode'));
    const what = data.description === '' ? '' : `: ${data.description}`;
    return { message: `${data.name} is ${data.enabled ? '' : 'not '}enabled${what}.`, data };
  },
  draw: (data: ModeRecord | readonly ModeRecord[], view) =>
    'name' in data ? modeText(data) : drawTable(modeTable(data), view),
});
