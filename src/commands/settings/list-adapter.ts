import { z } from 'zod';
import type { FoundAgent } from '../../ports/machine.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';

export const foundAgentSchema = z.object({
  agent: z.string(),
  title: z.string(),
  found: z.boolean().describe('Its program is installed'),
  version: z.string().nullable(),
  program: z.string(),
  install: z.string().describe('How to install it'),
  untrusted: z.boolean().describe('What the repository’s file says of it is off until it is trusted'),
});

export const listAdapter = defineCommand({
  verb: 'list',
  noun: 'adapter',
  summary: 'List the agents that can be launched, and whether their programs are installed',
  example: 'list adapters',
  role: 'viewer',
  modifiers: [],
  reads: true,
  target: 'optional',
  params: z.object({ scope: z.literal('all').optional() }),
  result: z.array(foundAgentSchema),
  run: async ({ agents }) => {
    const data = await agents.found();
    return { message: plural(data.length, 'agent'), data };
  },
  draw: (data: readonly FoundAgent[], view) =>
    drawTable(
      {
        head: ['agent', 'found', 'version', 'what', 'install'],
        rows: data.map((one) => [
          { text: one.agent },
          one.found ? { text: 'yes', tone: 'good' } : { text: 'no', tone: 'bad' },
          { text: one.version ?? '' },
          { text: one.untrusted ? `${one.title}; its settings here are off: drover trust` : one.title },
          { text: one.found ? '' : one.install, tone: 'dim' },
        ]),
        empty: 'No agent is known.',
      },
      view,
    ),
});
