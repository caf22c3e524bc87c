import { realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { oneLine, shortened } from '../../lib/text.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { type DaemonServices, homeOf } from '../services.ts';

/** Where a path really leads; a path that does not exist (any more) is judged by the nearest folder that does. */
const realPathOf = async (path: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(await realPathOf(above), relative(above, path));
  }
};

/** The real path of a file that an agent wrote, when it lies neither in its worktree nor in its own folder. */
export const strayPath = async (
  services: DaemonServices,
  instance: Instance,
  path: string,
): Promise<string | undefined> => {
  const target = await realPathOf(resolve(instance.workspace_path, path));
  const own = await Promise.all(
    [instance.workspace_path, homeOf(services.paths, instance.instance_id)].map(realPathOf),
  );
  return own.some((folder) => target === folder || target.startsWith(folder + sep)) ? undefined : target;
};

/** The alert about a write where others work: which agent, which file, and at which task. */
export const strayFacts = (state: State, id: string, path: string): EventDraft[] => {
  const task = state.instances[id]?.task_assignments.find((one) => state.tasks[one]?.state === 'running') ?? null;
  const file = shortened(oneLine(path), 300);
  const text = `${id} wrote ${file}, which is outside of its worktree`;
  const alert = `contamination:${id}`;
  if (!state.instances[id] || state.alerts[alert]?.text === text) return [];
  const suggestion = task === null ? `show instance ${id}` : `stop task ${task}`;
  return [{ type: 'alert.raised', data: { id: alert, severity: 'error', text, suggestion, instance: id, task } }];
};
