import { z } from 'zod';
import { defineCommand } from './define.ts';
import { authorise, understand } from './dispatch.ts';
import { badParameter } from './errors.ts';
import { selectInstances, selectTasks } from './selection.ts';

/** The ids that a command would touch, as far as it names a target. */
const targetsOf = (
  state: Parameters<typeof selectInstances>[0],
  noun: string,
  params: Record<string, unknown>,
): string[] => {
  const targets = params as Parameters<typeof selectInstances>[1];
  if (noun === 'instance') return selectInstances(state, targets).map((one) => one.instance_id);
  if (noun === 'task') return selectTasks(state, targets).map((task) => task.id);
  return [];
};

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
  run: async (context, { text }) => {
    if (text.trim() === '') throw badParameter({ command: 'preview', key: 'command', issue: 'say which command' });
    const { command, meaning, params, said } = understand(context.registry, { text });
    authorise(context.actor, command);
    const { state } = context.store;
    const targets = command.target === 'none' ? [] : targetsOf(state, command.noun, params);
    const loss = command.loss?.(state, params as never, meaning.modifiers);
    const data = {
      command: said,
      summary: command.summary,
      role: command.role,
      targets,
      loses: loss?.loses ?? null,
      confirms: loss !== undefined,
    };
    const lines = [
      `${said}: ${command.summary}.`,
      ...(targets.length > 0 ? [`targets: ${targets.join(', ')}`] : []),
      loss ? `asks first: ${loss.loses}` : command.reads ? 'reads only.' : 'does not ask first.',
    ];
    return { message: lines.join('\n'), data };
  },
});
