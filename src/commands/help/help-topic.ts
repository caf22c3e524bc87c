import { z } from 'zod';
import { describedSchema } from '../../text/help/describe-command.ts';
import { helpPage } from '../../text/help/help-pages.ts';
import { defineCommand } from '../define.ts';

const wordsOf = (text = ''): string[] => text.split(/\s+/u).filter((word) => word !== '');

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
  refuses: ({ language }, { text }) => void (language && helpPage(language, wordsOf(text))),
  run: async ({ language }, { text }) => {
    const page = helpPage(language, wordsOf(text));
    return { message: page.text, data: page.commands };
  },
});
