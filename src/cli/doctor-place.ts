import { existsSync, readFileSync } from 'node:fs';
import { readdir, rm, statfs } from 'node:fs/promises';
import { execa } from 'execa';
import { tryConnect } from '../client/start.ts';
import type { Paths } from '../lib/paths.ts';
import { readProjectionState } from '../state/store/rebuild.ts';
import { type Finding, fine, note, problem } from './finding.ts';

const NFS = 0x6969;
const LOW_BYTES = 512 * 1024 * 1024;
const FEW_WATCHES = 8192;

const checkSocket = async (paths: Paths): Promise<Finding> => {
  const connection = await tryConnect(paths).catch(() => undefined);
  if (connection) {
    connection.close();
    return fine('daemon', `runs, at ${paths.socket}`);
  }
  if (!existsSync(paths.socket)) return fine('daemon', 'does not run; the next command starts it');
  const fix = () => rm(paths.socket, { force: true });
  return problem('daemon', `left its socket behind: ${paths.socket}`, 'drover doctor --fix', fix);
};

const checkDisk = async (paths: Paths): Promise<Finding[]> => {
  const { type, bavail, bsize } = await statfs(paths.commonDir);
  const free = bavail * bsize;
  const megabytes = `${Math.round(free / 1024 / 1024)} MB free`;
  return [
    free < LOW_BYTES
      ? problem('disk', `only ${megabytes} where the state lies`, `du -sh ${paths.worktrees} ${paths.state}`)
      : fine('disk', megabytes),
    ...(type === NFS
      ? [
          problem(
            'state directory',
            'lies on NFS, where locks and watches do not hold',
            'clone the repository to a local disk',
          ),
        ]
      : []),
  ];
};

const checkWatches = (): Finding[] => {
  const file = '/proc/sys/fs/inotify/max_user_watches';
  const watches = existsSync(file) ? Number(readFileSync(file, 'utf8')) : Number.POSITIVE_INFINITY;
  return watches < FEW_WATCHES
    ? [
        note(
          'inotify',
          `only ${watches} watches a user: messages may be seen late`,
          'sudo sysctl fs.inotify.max_user_watches=65536',
        ),
      ]
    : [];
};

const checkLinger = async (env: NodeJS.ProcessEnv): Promise<Finding[]> => {
  const conf = ['/etc/systemd/logind.conf']
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
  if (!conf.some((text) => /^\s*KillUserProcesses\s*=\s*yes/mu.test(text))) return [];
  const user = env['USER'] ?? env['LOGNAME'] ?? '';
  const lingers = existsSync(`/var/lib/systemd/linger/${user}`);
  return lingers
    ? []
    : [
        problem(
          'logout',
          'logind ends your processes when you log out, agents included',
          `loginctl enable-linger ${user}`,
        ),
      ];
};

/** Sessions with our mark that no record knows, and worktrees without an instance. */
const checkOrphans = async (paths: Paths, env: NodeJS.ProcessEnv): Promise<Finding[]> => {
  const state = await readProjectionState(paths).catch(() => null);
  const known = new Set(Object.keys(state?.instances ?? {}));
  const listed = await execa('tmux', ['list-sessions', '-F', '#{session_name}\t#{@drover_id}'], {
    env,
    extendEnv: false,
    reject: false,
  });
  const sessions = (listed.stdout ?? '').split('\n').flatMap((line) => {
    const [session = '', mark = ''] = line.split('\t');
    return mark.startsWith(`${paths.key}/`) && !known.has(mark.slice(paths.key.length + 1)) ? [session] : [];
  });
  const folders = await readdir(paths.worktrees).catch(() => []);
  const orphans = folders.filter((name) => name !== 'integration' && !name.startsWith('.') && !known.has(name));
  return [
    ...sessions.map((session) =>
      problem('session', `${session} belongs to no instance`, `tmux kill-session -t =${session}`),
    ),
    ...orphans.map((name) =>
      note(
        'worktree',
        `${paths.worktrees}/${name} belongs to no instance`,
        `git worktree remove ${paths.worktrees}/${name}`,
      ),
    ),
  ];
};

/** The repository's own place: daemon, lock, disk, limits, leftovers. */
export const checkPlace = async (paths: Paths, env: NodeJS.ProcessEnv): Promise<Finding[]> => [
  await checkSocket(paths),
  ...(await checkDisk(paths)),
  ...checkWatches(),
  ...(await checkLinger(env)),
  ...(await checkOrphans(paths, env)),
];
