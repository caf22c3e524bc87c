import { z } from 'zod';
import { settingRow, settingRowSchema, settingSentence } from '../../text/setting-rows.ts';
import { checkSettingKey } from '../../state/setting-names.ts';
import { defineCommand } from '../define.ts';
import { idsParam, requireOne } from '../selection.ts';
import { missingSecretsHint } from './missing-secrets.ts';

export const getConfig = defineCommand({
  verb: 'get',
  noun: 'config',
  summary: 'Say the value of a setting',
  example: 'get config limits.maxInstances',
  role: 'viewer',
  modifiers: [],
  target: 'required',
  one: 'setting',
  reads: true,
  params: z.object({ id: idsParam.describe('Which setting, by its dotted key') }),
  result: settingRowSchema,
  names: 'settings',
  refuses: (_standing, { id }) => checkSettingKey(requireOne(id, 'setting')),
  run: async (context, { id }) => {
    const data = settingRow(requireOne(id, 'setting'), context.configuration);
    return { message: settingSentence(data), data, ...(await missingSecretsHint(context, data.key)) };
  },
});
