import { z } from 'zod';
import { alertClearingFacts, idsOf } from '../../state/facts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { isRacing } from '../../tasks/race.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { wrongState } from '../errors.ts';
import { presentIn } from '../instances/launch-facts.ts';
import { requireSome, selectTasks, taskParams } from '../selection.ts';

/** Whether it is a racer whose race goes on. */
const isInRace = ({ tasks }: State, { race_of }: Task): boolean =>
  race_of !== undefined && tasks[race_of] !== undefined && isRacing(tasks[race_of]);

export const retryTask = defineCommand({
  verb: 'retry',
  noun: 'task',
  summary: 'Run tasks once more that failed, were blocked or cancelled; the branches of earlier attempts stay',
  example: 'retry failed tasks',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'opens the tasks again and hands them out; the branches of earlier attempts stay',
  params: z.object(taskParams),
  result: z.array(z.string()).describe('The tasks that run again'),
  run: async (context, params) => {
    const facts = await context.decide((state) => {
      const found = requireSome(selectTasks(state, params), 'task', params);
      const wrong = found.find(
        (task) =>
          !['failed', 'blocked', 'done', 'open', 'cancelled'].includes(task.state) ||
          task.batch !== null ||
          (task.archived && !isInRace(state, task)),
      );
      if (wrong)
        throw wrongState({
          id: wrong.id,
          state: wrong.archived ? 'archived' : wrong.batch ? 'merged' : wrong.state,
          wants: 'it cannot be run again now',
          hint: `Look at "show task ${wrong.id}".`,
        });
      const ids = found.map((task) => task.id);
      return [
        ...ids.flatMap((id): EventDraft[] => [
          { type: 'task.reopened', data: { id, reason: 'retry' } },
          ...alertClearingFacts(state, id, 'tried again'),
        ]),
        { type: 'task.requested', data: { ids } },
      ];
    });
    const ids = idsOf(facts, 'task.reopened');
    const nobody = presentIn(context.store.state).length === 0 ? ' No instance is there to do it: launch one.' : '';
    return { message: `${plural(ids.length, 'task')} will be run again: ${ids.join(', ')}.${nobody}`, data: ids };
  },
});
