import { z } from 'zod';
import { describedSchema } from '../../text/help/describe-command.ts';
import { helpPage } from '../../text/help/help-pages.ts';
import { defineCommand } from '../define.ts';

export const helpTopic = defineCommand({
  verb: 'help',
  noun: 'topic',
  summary: 'Explain the commands, one of them, or a topic',
  example: 'help stop instance',
  role: 'viewer',
  agents: true,
  modifiers: [],
  target: 'none',
  text: 'text',
  reads: true,
  params: z.object({ text: z.string().optional().describe('A command, a noun, a verb or a topic') }),
  result: z.array(describedSchema).describe('The commands that the page is about'),
  run: async ({ language }, { text }) => {
    const words = (text ?? '').split(/\s+/u).filter((word) => word !== '');
    const page = helpPage(language, words);
    return { message: page.text, data: page.commands };
  },
});
