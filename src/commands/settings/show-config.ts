import { z } from 'zod';
import {
  type SettingRow,
  settingPage,
  settingRow,
  settingRowSchema,
  settingRows,
  settingTable,
} from '../../text/setting-rows.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { checkSettingKey } from '../../state/setting-names.ts';
import { defineCommand } from '../define.ts';
import { idsParam, requireOne } from '../selection.ts';
import { missingSecretsHint } from './missing-secrets.ts';

export const showConfig = defineCommand({
  verb: 'show',
  noun: 'config',
  summary: 'Show a setting: its value, what it means, where it comes from',
  example: 'show config limits.maxInstances',
  role: 'viewer',
  modifiers: [],
  target: 'optional',
  one: 'setting',
  reads: true,
  params: z.object({ id: idsParam.optional().describe('Which setting, by its dotted key; without one, all of them') }),
  result: z.union([settingRowSchema, z.array(settingRowSchema)]),
  names: 'settings',
  refuses: (_standing, { id }) => {
    if (id) checkSettingKey(requireOne(id, 'setting'));
  },
  run: async (context, { id }) => {
    const { configuration } = context;
    const data = id ? settingRow(requireOne(id, 'setting'), configuration) : settingRows(configuration);
    const message = Array.isArray(data) ? `${plural(data.length, 'setting')}.` : settingPage(data);
    return { message, data, ...(await missingSecretsHint(context, Array.isArray(data) ? undefined : data.key)) };
  },
  draw: (data: SettingRow | readonly SettingRow[], view) =>
    'key' in data ? settingPage(data) : drawTable(settingTable(data), view),
});
