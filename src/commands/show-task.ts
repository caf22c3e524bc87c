import { z } from 'zod';
import { withoutControls } from '../lib/text.ts';
import type { Task } from '../state/tasks.ts';
import { defineCommand } from './define.ts';
import { idsParam, oneTask } from './selection.ts';
import { taskWord } from './summary.ts';
import { plural } from './wording.ts';

type Shown = Task & { readonly word: string };

const drawn = (task: Shown): string => {
  const result = task.run?.result;
  const fields: [string, string][] = [
    ['state', `${task.word} since ${task.since}`],
    ['instance', task.assignee ?? task.run?.instance ?? ''],
    ['branch', task.run?.branch ?? ''],
    ['failure', task.run?.failure?.message ?? task.blocked_by ?? ''],
    [
      'result',
      result
        ? `${plural(result.commits, 'commit')}, ${plural(result.files, 'file')}, +${result.insertions} −${result.deletions}`
        : '',
    ],
    ['batch', task.batch ?? ''],
    ['after', task.dependencies.join(', ')],
    ['check', task.check ?? ''],
    ['priority', task.priority],
    ['group', task.group ?? ''],
    ['attempts', String(task.attempts)],
  ];
  const head = fields.filter(([, value]) => value !== '').map(([key, value]) => `${`${key}:`.padEnd(10)} ${value}`);
  const details = [...(task.description === '' ? [] : [task.description]), ...task.details.map((line) => `- ${line}`)];
  return withoutControls(
    [`${task.id} ${task.title}`, ...head, ...(details.length > 0 ? ['', ...details] : [])].join('\n'),
  );
};

export const showTask = defineCommand({
  verb: 'show',
  noun: 'task',
  summary: 'Everything about one task: what is asked, what its run did',
  example: 'show task 3.1',
  role: 'viewer',
  agents: true,
  modifiers: ['detailed'],
  target: 'required',
  reads: true,
  params: z.object({ id: idsParam }),
  run: async ({ store: { state } }, { id }) => {
    const task = oneTask(state, id);
    const word = taskWord(task, state);
    return { message: `${task.id} ${task.title}: ${word}.`, data: { ...task, word } };
  },
  draw: drawn,
});
