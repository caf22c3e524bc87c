import { z } from 'zod';
import { type SettingRow, settingRowSchema, settingRows, settingTable } from '../../text/setting-rows.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { missingSecretsHint } from './missing-secrets.ts';

export const listConfig = defineCommand({
  verb: 'list',
  noun: 'config',
  summary: 'List every setting, its value and where that comes from',
  example: 'list config',
  role: 'viewer',
  modifiers: [],
  target: 'none',
  reads: true,
  params: z.object({}),
  result: z.array(settingRowSchema),
  run: async (context) => {
    const data = settingRows(context.configuration);
    return { message: `${plural(data.length, 'setting')}.`, data, ...(await missingSecretsHint(context)) };
  },
  draw: (data: readonly SettingRow[], view) => drawTable(settingTable(data), view),
});
