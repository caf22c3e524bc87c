import { z } from 'zod';
import { defineCommand } from './define.ts';
import { describeCommand, helpFor, overview } from './usage.ts';

export const helpTopic = defineCommand({
  verb: 'help',
  noun: 'topic',
  summary: 'Explain the commands, or one of them',
  example: 'help stop instance',
  role: 'viewer',
  agents: true,
  modifiers: [],
  target: 'none',
  text: 'text',
  reads: true,
  params: z.object({ text: z.string().optional() }),
  run: async ({ registry }, { text }) => {
    const words = (text ?? '').split(/\s+/u).filter((word) => word !== '');
    if (words.length === 0) return { message: overview(registry), data: registry.commands.map(describeCommand) };
    const data = helpFor(registry, words);
    return { message: data.map((one) => one.text).join('\n\n'), data };
  },
});
