import { z } from 'zod';
import { narrowsIn } from '../../state/trust.ts';
import { settingText } from '../../text/setting-rows.ts';
import { narrowsSentence, powerLines, trustCommand, withheldSentence } from '../../text/trust-rows.ts';
import { defineCommand } from '../define.ts';

const dataSchema = z.object({
  file: z.string(),
  holds: z.boolean().describe('All that the file says holds'),
  trusted: z.record(z.string(), z.unknown()).describe('What it runs and allows now'),
  asked: z.record(z.string(), z.unknown()).describe('What the file asks for'),
  hash: z.string().nullable().describe('Names what the file asks for; null when all of it holds'),
});

export const showTrust = defineCommand({
  verb: 'show',
  noun: 'trust',
  summary: 'What the repository’s file may run and allow, and what waits until it is trusted',
  example: 'show trust',
  role: 'viewer',
  modifiers: [],
  target: 'none',
  reads: true,
  params: z.object({}),
  result: dataSchema,
  run: async ({ trust, configuration }) => {
    const file = configuration.files.project;
    const withheld = await trust.review();
    const now = withheld?.trusted ?? trust.powers();
    const held = powerLines({}, now);
    const lines = [
      held.length === 0 ? `${settingText(file)} runs nothing and allows nothing.` : `${settingText(file)} may do this:`,
      ...held,
      ...narrowsSentence(withheld ? (withheld.narrows ?? {}) : narrowsIn(configuration.layers)),
      ...(withheld
        ? [
            withheldSentence(file, withheld),
            ...powerLines(withheld.trusted, withheld.asked),
            `Trust it with: ${trustCommand(withheld)}`,
          ]
        : []),
    ];
    return {
      message: lines.join('\n'),
      data: { file, holds: !withheld, trusted: now, asked: withheld?.asked ?? now, hash: withheld?.hash ?? null },
    };
  },
});
