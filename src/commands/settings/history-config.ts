import { z } from 'zod';
import { shown } from '../../lib/text.ts';
import { settingVersionSchema } from '../../state/setting-versions.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';

type Version = z.infer<typeof settingVersionSchema>;

export const historyConfig = defineCommand({
  verb: 'history',
  noun: 'config',
  summary: 'List the versions of the repository’s settings, one for each change, the newest last',
  example: 'history config',
  role: 'viewer',
  modifiers: [],
  target: 'none',
  reads: true,
  params: z.object({}),
  result: z.array(settingVersionSchema),
  run: async ({ configuration, settingHistory }) => {
    const data = await settingHistory.list();
    return { message: `${plural(data.length, 'version')} of ${configuration.files.project}.`, data };
  },
  draw: (data: readonly Version[], view) =>
    drawTable(
      {
        head: ['version', 'when', 'who', 'change'],
        rows: data.map(({ version, at, by, change }) => [
          { text: String(version) },
          { text: at, tone: 'dim' },
          { text: by === null ? '-' : shown(by) },
          { text: shown(change) },
        ]),
        empty: 'No setting of this repository was changed by a command yet.',
      },
      view,
    ),
});
