import { z } from 'zod';
import { defineCommand } from './define.ts';
import { instanceCounts, instanceTable, swarmStatus, taskTable } from './summary.ts';
import { drawTable } from './table.ts';
import type { State } from '../state/index.ts';

const UNHEALTHY = ['failed', 'lost', 'stuck', 'waiting'];

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
  params: z.object({ target: z.string().optional() }),
  run: async ({ store: { state } }, _params, modifiers) => {
    const status = swarmStatus(state);
    const done = Object.values(state.tasks).filter((task) => task.state === 'done').length;
    const bad = Object.values(state.instances).filter((one) => UNHEALTHY.includes(one.state.kind));
    const troubles = Object.values(state.alerts).map(
      (alert) => `${alert.text}${alert.suggestion ? ` → ${alert.suggestion}` : ''}`,
    );
    const health =
      troubles.length > 0
        ? ` Needs attention: ${troubles.join('; ')}.`
        : bad.length > 0
          ? ` Needs attention: ${bad.map((one) => `${one.instance_id} ${one.state.kind}`).join(', ')}.`
          : ' All is well.';
    const message = `Instances: ${instanceCounts(state)}. Tasks: ${done} of ${status.tasks.total} done.${health}`;
    return { message, data: { ...status, ...(modifiers.includes('detailed') ? { state } : {}), message } };
  },
  draw: (data: { message: string; state?: State }, view) =>
    data.state
      ? [
          data.message,
          drawTable(instanceTable(Object.values(data.state.instances)), view),
          drawTable(taskTable(Object.values(data.state.tasks), data.state), view),
        ].join('\n\n')
      : data.message,
});
