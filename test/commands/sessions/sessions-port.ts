import type { Context } from '../../../src/commands/define.ts';
import { pathsOf } from '../../../src/lib/paths.ts';
import type { SessionInfo, Tmux } from '../../../src/ports/index.ts';
import { partOf } from '../../helpers/context.ts';

const AT = '2026-01-01T00:00:00.000Z';

const paths = pathsOf({
  root: '/r',
  key: 'k',
  commonDir: '/r/.git',
  home: '/home/ada',
  data: '/data',
  worktrees: '/w',
  socket: '/run/k.sock',
});

/** A session that is marked as that of an instance, with so many people who look at it. */
const sessionOf = (instance: string, watchers: number): SessionInfo => ({
  session: `r-${instance}`,
  droverId: `${paths.key}/${instance}`,
  created: AT,
  activity: AT,
  cols: 120,
  rows: 36,
  windows: ['agent', 'shell'],
  clients: Array.from({ length: watchers }, (_, i) => ({ tty: `/dev/pts/${i}`, readOnly: false, cols: 90, rows: 30 })),
});

/** A tmux that has these sessions, by the instances that they are marked with, and how many look at each. */
export const sessionsPort = (watchers: Readonly<Record<string, number>>): Pick<Context, 'paths' | 'tmux'> => {
  const sessions = new Map(Object.entries(watchers).map(([id, count]) => [`r-${id}`, sessionOf(id, count)]));
  return {
    paths,
    tmux: partOf<Tmux>({
      sessions: async () => [...sessions.values()],
      detach: async (session) => {
        const known = sessions.get(session)!;
        sessions.set(session, { ...known, clients: [] });
        return known.clients.length;
      },
      kill: async (mark) => {
        for (const [name, { droverId }] of sessions) if (droverId === mark) sessions.delete(name);
        return [];
      },
      layout: async ({ session, windows = [] }) => {
        const known = sessions.get(session)!;
        const made = windows.map(({ name }) => name).filter((name) => !known.windows.includes(name));
        sessions.set(session, { ...known, windows: [...known.windows, ...made] });
        return made;
      },
    }),
  };
};
