import { z } from 'zod';
import { shellQuoted, withoutControls } from '../lib/text.ts';
import { type Instance, instanceSchema } from '../state/instances.ts';
import { isAtWork } from './assigning.ts';
import { defineCommand } from './define.ts';
import { idsParam, oneInstance } from './selection.ts';
import { INSTANCE_LOOK } from './summary.ts';
import { drawTable } from './table.ts';

const modeText = ({ mode, launch_mode }: Instance): string =>
  mode === launch_mode ? (mode ?? '') : `${mode ?? 'none'}, goes back to ${launch_mode ?? 'none'}`;

const drawn = (one: Instance, view: { columns: number; color: boolean }): string => {
  const fields: [string, string][] = [
    ['agent', one.agent],
    [
      'state',
      `${INSTANCE_LOOK[one.state.kind].glyph} ${one.state.kind} since ${one.state.since} (${one.state.source}${one.state.until ? `, until ${one.state.until}` : ''}${one.state.evidence ? `: ${one.state.evidence}` : ''})`,
    ],
    ['before', one.paused_from === null ? '' : `${one.paused_from.kind} since ${one.paused_from.since}`],
    ['group', one.group ?? ''],
    ['mode', modeText(one)],
    ['question', one.question ?? ''],
    ['tasks', one.task_assignments.join(', ')],
    ['branch', one.branch_name],
    ['worktree', one.workspace_path],
    ['session', `${one.session}${one.pid === null ? '' : `, process ${one.pid}`}`],
    ['command', one.argv.map(shellQuoted).join(' ')],
    ['color', `${one.peacock_theme.color_name} ${one.peacock_theme.primary_color}`],
  ];
  const head = fields
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${`${key}:`.padEnd(10)} ${withoutControls(value)}`);
  const rows = one.transitions.map((mark) => [
    { text: mark.since, tone: 'dim' as const },
    { text: mark.kind, tone: INSTANCE_LOOK[mark.kind].tone },
    { text: mark.source },
    { text: mark.evidence ?? '' },
  ]);
  return `${one.instance_id}\n${head.join('\n')}\n\n${drawTable({ head: ['since', 'state', 'source', 'evidence'], rows, empty: '' }, view)}`;
};

export const showInstance = defineCommand({
  verb: 'show',
  noun: 'instance',
  summary: 'Everything about one instance, with its latest state changes and their evidence',
  example: 'show instance rehearsal-1',
  role: 'viewer',
  agents: true,
  modifiers: ['detailed'],
  target: 'required',
  reads: true,
  params: z.object({ id: idsParam }),
  result: instanceSchema,
  run: async ({ store: { state } }, { id }) => {
    const one = oneInstance(state, id);
    const task = one.task_assignments.flatMap((task) => state.tasks[task] ?? []).find(isAtWork);
    const doing = task ? ` on ${task.id} (${task.title})` : '';
    return { message: `${one.instance_id} is ${one.state.kind}${doing}.`, data: one };
  },
  draw: drawn,
});
