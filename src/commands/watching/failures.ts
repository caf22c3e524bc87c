import { z } from 'zod';
import type { INSTANCE_STATES } from '../../state/instances.ts';
import { FAILURE_CLASSES } from '../../state/tasks.ts';
import type { Context } from '../define.ts';

export const failureSchema = z.object({
  id: z.string().describe('f- and the number of the event that told of it'),
  kind: z.enum(['run', 'instance']),
  class: z.enum([...FAILURE_CLASSES, 'failed', 'lost']),
  task: z.string().nullable(),
  attempt: z.number().int().nullable(),
  instance: z.string().nullable(),
  message: z.string(),
  at: z.string(),
  open: z.boolean().describe('Nothing has mended it yet'),
});
export type Failure = z.infer<typeof failureSchema>;

type Run = { readonly instance: string; readonly attempt: number };

/** Every failure as far back as the journal goes. A run that a person stopped has not failed. */
export const failuresOf = async ({ store }: Pick<Context, 'store'>): Promise<readonly Failure[]> => {
  const runs = new Map<string, Run>();
  const latest = new Map<string, string>();
  const found: Failure[] = [];
  for await (const event of store.events(1)) {
    if (event.type === 'run.started') {
      const { id, instance } = event.data;
      runs.set(id, { instance, attempt: (runs.get(id)?.attempt ?? 0) + 1 });
    }
    const about = { id: `f-${event.seq}`, at: event.at, open: false };
    if (event.type === 'run.failed' && event.data.failure.class !== 'stopped') {
      const { id: task, failure } = event.data;
      const { instance = null, attempt = null } = runs.get(task) ?? {};
      latest.set(`task ${task}`, about.id);
      found.push({ ...about, kind: 'run', class: failure.class, task, attempt, instance, message: failure.message });
    }
    if (event.type === 'instance.moved' && (event.data.state === 'failed' || event.data.state === 'lost')) {
      const { instance_id: instance, state, evidence = '' } = event.data;
      latest.set(`instance ${instance}`, about.id);
      found.push({ ...about, kind: 'instance', class: state, task: null, attempt: null, instance, message: evidence });
    }
  }
  const { tasks, instances } = store.state;
  const broken: readonly string[] = ['failed', 'lost'] satisfies (typeof INSTANCE_STATES)[number][];
  const isOpen = (one: Failure): boolean =>
    one.kind === 'run'
      ? latest.get(`task ${one.task}`) === one.id && ['failed', 'blocked'].includes(tasks[one.task!]?.state ?? '')
      : latest.get(`instance ${one.instance}`) === one.id &&
        broken.includes(instances[one.instance!]?.state.kind ?? '');
  return found.map((one) => ({ ...one, open: isOpen(one) }));
};
