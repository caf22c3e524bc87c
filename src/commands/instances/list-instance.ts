import { z } from 'zod';
import { oneLine } from '../../lib/text.ts';
import { type Instance, instanceSchema } from '../../state/instances.ts';
import { instanceTable } from '../../text/instance-rows.ts';
import { withResources } from '../../text/resource-rows.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { instanceParams, selectInstances } from '../selection.ts';

/** What those that wait want to know: the state alone does not say what keeps them. */
const questionLines = (instances: readonly Instance[]): string[] =>
  instances
    .filter(({ state, question }) => state.kind === 'waiting' && question !== null)
    .map(({ instance_id, question }) => `${instance_id} asks: ${oneLine(question!)}`);

export const listInstance = defineCommand({
  verb: 'list',
  noun: 'instance',
  summary: 'List the instances with their states, tasks, branches and sessions',
  example: 'list instances',
  role: 'viewer',
  agents: true,
  modifiers: ['detailed'],
  target: 'optional',
  reads: true,
  params: z.object({ ...instanceParams, limit: z.coerce.number().int().min(1).optional() }),
  result: z.array(instanceSchema),
  run: async ({ store: { state }, resources, settings }, { limit, ...targets }) => {
    const uses = resources();
    const found = selectInstances(state, targets);
    const data = found.slice(0, limit).map((one) => withResources(one, uses, settings.resources));
    return { message: `${plural(found.length, 'instance')}.`, data };
  },
  draw: (data: readonly Instance[], view) => [drawTable(instanceTable(data), view), ...questionLines(data)].join('\n'),
});
