import type { State } from '../../state/index.ts';
import { paneInstances } from './instance-list.ts';
import { groupTasks } from './task-groups.ts';

/** A command that makes sense now, as an example of what can be typed; a filter hides nobody from it. */
export const exampleCommand = ({ state }: { readonly state: State }): string => {
  const { running, ready, waiting, failed, done } = groupTasks(state);
  const present = paneInstances(state.instances).filter((instance) => instance.state.kind !== 'stopped');
  const asking = present.find((instance) => instance.state.kind === 'waiting');
  if (asking) return `answer ${asking.instance_id} "…"`;
  if (present.length === 0) return 'launch 3 instances';
  const [broken] = failed;
  if (broken && running.length === 0) return `show task ${broken.id}`;
  if (ready.length > 0 && running.length === 0) return 'run all ready tasks';
  if (ready.length + running.length + waiting.length > 0) return 'list tasks';
  return done.some(({ run, batch }) => run?.result && batch === null) ? 'merge completed branches' : 'create task "…"';
};
