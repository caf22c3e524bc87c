import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const needLinux = () => {
  if (process.platform !== 'linux') throw new Error('CPU time is read from /proc, which only Linux has');
};

const tickMs = () => 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** The fields of /proc/PID/stat behind the name, which may hold anything; null when the process is gone. */
const statOf = (pid) => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [user, system, childUser, childSystem] = fields.slice(11, 15).map(Number);
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    return { pid, parent: Number(fields[1]), name, own: user + system, children: childUser + childSystem };
  } catch {
    return null;
  }
};

const allStats = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((pid) => statOf(Number(pid)) ?? []);

/** The process itself and all that descend from it, except through those in `without`. */
const treeOf = (stats, root, without) => {
  const tree = stats.filter(({ pid }) => pid === root);
  for (const one of tree) tree.push(...stats.filter(({ pid, parent }) => parent === one.pid && !without.includes(pid)));
  return tree;
};

/**
 * CPU time in milliseconds that these trees of processes have used, with that of their children that have ended.
 * `groups` names them: `{daemon: {root, without?}}`. A tree whose `own` is set is its root alone, of its own time.
 */
export const cpuOf = (groups) => {
  needLinux();
  const stats = allStats();
  const tick = tickMs();
  const time = ({ root, without = [], own = false }) =>
    own ? (statOf(root)?.own ?? 0) : treeOf(stats, root, without).reduce((sum, one) => sum + one.own + one.children, 0);
  return Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, time(group) * tick]));
};

/** Resident memory of one process in MB. */
export const rssOf = (pid) =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim()) / 1024;

/** What one process keeps resident in MB, and its share of it where others share pages; null when it is gone. */
const memoryOf = (pid) => {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const mb = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'mu').exec(text)?.[1] ?? 0) / 1024;
    return { resident: mb('Rss'), share: mb('Pss') };
  } catch {
    return null;
  }
};

/** The processes of a tree, each with its name and memory in MB. */
export const memoryIn = (root) => {
  needLinux();
  return treeOf(allStats(), root, []).flatMap(({ pid, name }) => {
    const memory = memoryOf(pid);
    return memory ? [{ pid, name, ...memory }] : [];
  });
};

/** Ids of the processes that this one started and that still run. */
export const childrenOf = (pid) =>
  execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/u).map(Number))
    .flatMap(([child, parent]) => (parent === pid ? [child] : []));

/** Whether a process of this id runs. */
export const runs = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
