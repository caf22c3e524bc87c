import { z } from 'zod';
import { secretUses } from '../../state/secret-uses.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';

const secretSchema = z.object({
  name: z.string(),
  changed_at: z.string().describe('ISO 8601, UTC'),
  used_by: z.array(z.string()).describe('The settings that name it'),
});

export const listSecret = defineCommand({
  verb: 'list',
  noun: 'secret',
  summary: 'List the names of your secrets and the settings that use them; no value is ever shown',
  example: 'list secrets',
  role: 'operator',
  modifiers: [],
  target: 'optional',
  reads: true,
  params: z.object({ scope: z.literal('all').optional() }),
  result: z.array(secretSchema),
  run: async ({ secrets, settings }) => {
    const kept = await secrets.list();
    const data = kept.map((one) => ({ ...one, used_by: [...secretUses(settings, one.name)] }));
    return { message: plural(data.length, 'secret'), data };
  },
  draw: (data: readonly z.infer<typeof secretSchema>[], view) =>
    drawTable(
      {
        head: ['secret', 'set at', 'used by'],
        rows: data.map((one) => [
          { text: `secret:${one.name}` },
          { text: one.changed_at, tone: 'dim' },
          { text: one.used_by.join(' ') },
        ]),
        empty: 'None kept: drover secrets set NAME -',
      },
      view,
    ),
});
