import { z } from 'zod';
import { ROLES } from '../../protocol/signature.ts';
import { defineCommand } from '../define.ts';
import { authorise, lossOf, targetsOf, understand } from '../dispatch.ts';
import { badParameter } from '../errors.ts';

export const previewCommand = defineCommand({
  verb: 'preview',
  noun: 'command',
  summary: 'Show what a command would do, to whom, without doing it',
  example: 'preview stop all running threads',
  role: 'viewer',
  modifiers: [],
  target: 'none',
  text: 'text',
  reads: true,
  params: z.object({ text: z.string() }),
  result: z.object({
    command: z.string().describe('The command in its own words'),
    summary: z.string(),
    role: z.enum(ROLES),
    targets: z.array(z.string()),
    effects: z.string().nullable().describe('What it does beside answering; null when it only reads'),
    notice: z.string().nullable().describe('What else is to be known before'),
    loses: z.string().nullable().describe('What it asks about first'),
    confirms: z.boolean(),
  }),
  run: async (context, { text }) => {
    if (text.trim() === '') throw badParameter({ command: 'preview', key: 'command', issue: 'say which command' });
    const understood = understand(context.language, { text });
    const { command, meaning, said } = understood;
    authorise(context.actor, command, meaning.modifiers);
    const { state } = context.store;
    const loss = await lossOf(context, understood);
    const targets = targetsOf(state, understood, loss);
    const notice = await command.notice?.(context, understood.params as never, meaning.modifiers);
    const data = {
      command: said,
      summary: command.summary,
      role: command.role,
      targets,
      effects: command.effects ?? null,
      notice: notice ?? null,
      loses: loss?.loses ?? null,
      confirms: loss !== undefined,
    };
    const lines = [
      `${said}: ${command.summary}.`,
      ...(targets.length > 0 ? [`targets: ${targets.join(', ')}`] : []),
      command.effects === undefined ? 'reads only.' : `side effects: ${command.effects}.`,
      ...(notice === undefined ? [] : [`note: ${notice}`]),
      ...(loss ? [`asks first: ${loss.loses}`] : []),
    ];
    return { message: lines.join('\n'), data };
  },
});
