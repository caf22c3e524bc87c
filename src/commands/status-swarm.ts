import { z } from 'zod';
import { shortened } from '../lib/text.ts';
import type { Alert } from '../state/alerts.ts';
import { type State, stateSchema } from '../state/index.ts';
import { defineCommand } from './define.ts';
import { selectTasks } from './selection.ts';
import { instanceCounts, instanceTable, swarmStatus, swarmStatusSchema, taskTable, withWord } from './summary.ts';
import { drawTable } from './table.ts';

/** After a bad night there are hundreds: whoever wants all asks for them. */
const SHOWN_ALERTS = 3;
const ALERT_LENGTH = 160;

const troublesOf = (alerts: readonly Alert[]): string => {
  const shown = alerts
    .toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'))
    .slice(0, SHOWN_ALERTS)
    .map(({ text, suggestion }) => `${shortened(text, ALERT_LENGTH)}${suggestion ? ` → ${suggestion}` : ''}`);
  const more = alerts.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more, see "list alerts"` : ''}`;
};

const UNHEALTHY = ['failed', 'lost', 'stuck', 'waiting', 'limited'];

export const statusSwarm = defineCommand({
  verb: 'status',
  noun: 'swarm',
  summary: 'How the swarm is: instances and tasks by state, what needs a person',
  example: 'status swarm detailed',
  role: 'viewer',
  agents: true,
  modifiers: ['health', 'detailed'],
  later: { modifiers: ['visual'], parameters: ['timeout'] },
  target: 'none',
  reads: true,
  params: z.object({ target: z.string().optional().describe('Whom it is said to; the answer is about all') }),
  result: swarmStatusSchema.extend({
    state: stateSchema.optional().describe('With detailed: everything that is known'),
    message: z.string(),
  }),
  run: async ({ store: { state } }, _params, modifiers) => {
    const status = swarmStatus(state);
    const done = Object.values(state.tasks).filter((task) => task.state === 'done').length;
    const bad = Object.values(state.instances).filter((one) => UNHEALTHY.includes(one.state.kind));
    const alerts = Object.values(state.alerts);
    const health =
      alerts.length > 0
        ? ` Needs attention: ${troublesOf(alerts)}.`
        : bad.length > 0
          ? ` Needs attention: ${bad.map((one) => `${one.instance_id} ${one.state.kind}`).join(', ')}.`
          : ' All is well.';
    const paused = state.swarm.paused ? 'The swarm is paused: nothing is handed out. ' : '';
    const message = `${paused}Instances: ${instanceCounts(state)}. Tasks: ${done} of ${status.tasks.total} done.${health}`;
    return { message, data: { ...status, ...(modifiers.includes('detailed') ? { state } : {}), message } };
  },
  draw: (data: { message: string; state?: State }, view) =>
    data.state
      ? [
          data.message,
          drawTable(instanceTable(Object.values(data.state.instances)), view),
          drawTable(taskTable(selectTasks(data.state, {}).map((task) => withWord(task, data.state!))), view),
        ].join('\n\n')
      : data.message,
});
