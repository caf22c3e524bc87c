import { z } from 'zod';
import { oneLine, shorten } from '../../lib/text.ts';
import { idsOf } from '../../state/facts.ts';
import { moved } from '../../state/moves.ts';
import { defineCommand } from '../define.ts';
import { idsParam } from '../selection.ts';
import { reportedTask, reporterOf } from './reported-task.ts';

export const reportResult = defineCommand({
  verb: 'report',
  noun: 'result',
  summary: 'Claim that a running task is done; it counts as done when it is verified',
  example: 'report result "login works, tests added"',
  role: 'operator',
  agents: true,
  modifiers: [],
  target: 'none',
  one: 'task',
  text: 'text',
  reads: false,
  effects: 'records the claim and starts its verification',
  params: z.object({ text: z.string().optional(), id: idsParam.optional() }),
  result: z.object({ task: z.string() }),
  refuses: ({ state, reader }, { id }) => void reportedTask(reporterOf(reader), state, id),
  run: async (context, { text, id }) => {
    const summary = text === undefined ? null : shorten(oneLine(text), 2000);
    const facts = await context.decide((state) => {
      const task = reportedTask(context.actor, state, id);
      return [
        { type: 'run.claimed', data: { id: task.id, summary } },
        ...moved(state, task.run!.instance, { state: 'verifying', source: 'report', evidence: 'reported done' }),
      ];
    });
    const [task] = idsOf(facts, 'run.claimed');
    return { message: `${task} is claimed and will be verified.`, data: { task } };
  },
});
