import { resolve, sep } from 'node:path';
import { oneLine, shorten } from '../../lib/text.ts';
import { saidId } from '../../protocol/say.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { type DaemonServices, homeOf } from '../services.ts';

/** The real path of a file that an agent wrote, when it lies neither in its worktree nor in its own folder. */
export const strayPath = async (
  services: DaemonServices,
  instance: Instance,
  path: string,
): Promise<string | undefined> => {
  const { files, paths } = services.targetOf(instance);
  const written = await files.realPath(resolve(instance.workspace_path, path));
  const folders = [instance.workspace_path, homeOf(paths, instance.instance_id)];
  const own = await Promise.all(folders.map((folder) => files.realPath(folder)));
  return own.some((folder) => written === folder || written.startsWith(folder + sep)) ? undefined : written;
};

/** The alert about a write where others work: which agent, which file, and at which task. */
export const strayFacts = (state: State, id: string, path: string): EventDraft[] => {
  const task = state.instances[id]?.task_assignments.find((one) => state.tasks[one]?.state === 'running') ?? null;
  const file = shorten(oneLine(path), 300);
  const text = `${id} wrote ${file}, which is outside of its worktree`;
  const alert = `contamination:${id}`;
  if (!state.instances[id] || state.alerts[alert]?.text === text) return [];
  const suggestion = task === null ? `show instance ${saidId(id)}` : `stop task ${saidId(task)}`;
  return [{ type: 'alert.raised', data: { id: alert, severity: 'error', text, suggestion, instance: id, task } }];
};
