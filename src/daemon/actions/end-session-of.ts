import { spoolFolderOf } from '../../lib/paths.ts';
import type { Instance } from '../../state/instances.ts';
import { type DaemonServices, homeOf, markOf } from '../services.ts';

/** How long a program may take to end when its terminal is gone, in milliseconds: it may write down where it was. */
const PATIENCE_MS = 3000;

/** What the alert about a session in which something of a person goes on begins with, before the name of that. */
const YOURS_ALERT = 'yours:';

/** The id of that alert. On another machine it is named behind the session: tmux takes no colon in the names of those. */
const yoursAlert = (services: DaemonServices, host: string, name: string): string =>
  `${YOURS_ALERT}${name}${host === services.home.host ? '' : `:${host}`}`;

/** The session that such an alert tells of, and its machine, where that is not the daemon's own; undefined for any other alert. */
export const sessionOfAlert = (id: string): { readonly name: string; readonly host?: string } | undefined => {
  if (!id.startsWith(YOURS_ALERT)) return undefined;
  const { name = '', host } = /^(?<name>[^:]*)(?::(?<host>.*))?$/su.exec(id.slice(YOURS_ALERT.length))?.groups ?? {};
  return host === undefined ? { name } : { name, host };
};

/**
 * Ends the session of an instance, and tells of what a person runs in it, which goes on. Resolves when the program has ended,
 * which may not hear that its terminal is gone: nothing of it changes the worktree from then on.
 */
export const endSessionOf = async (
  services: DaemonServices,
  instance: Pick<Instance, 'instance_id' | 'host' | 'pid'>,
): Promise<void> => {
  const { instance_id: id, pid } = instance;
  const { paths, processes, tmux } = services.targetOf(instance);
  const own = { script: `${homeOf(paths, id)}/launch.sh`, spool: spoolFolderOf(paths, id) };
  const program = pid === null ? [] : await processes.programIn({ pid, ...own });
  const mark = markOf(paths, id);
  // On a server that is not asked nothing ends with its session: nobody would tell the program.
  const isElsewhere = program.length > 0 && !(await tmux.list(mark)).some(({ droverId }) => droverId === mark);
  for (const name of await tmux.kill(mark)) {
    const text = `What you run in the tmux session of ${id} goes on without it, in the session ${name}.`;
    const about = { suggestion: null, instance: null, task: null };
    await services.decide(() => [
      {
        type: 'alert.raised',
        data: { id: yoursAlert(services, instance.host, name), severity: 'info', text, ...about },
      },
    ]);
  }
  if (program.length === 0) return;
  const { killed, left } = await processes.endProgram(program, PATIENCE_MS, isElsewhere);
  if (killed.length > 0) services.log(`the program of ${id} went on without its terminal: killed ${killed.join(', ')}`);
  if (left.length > 0) services.log(`the program of ${id} cannot be killed: ${left.join(', ')} still run`);
};
