import { readdir, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { enginesOf } from '../../client/package.ts';
import { atLeast } from '../../lib/version.ts';
import { ask, type Examination, type Probe } from './examination.ts';
import { commandLine, error, type Finding, note, ok, warning } from './finding.ts';

/** What is known of the machine's limits; undefined where the system does not tell. */
type LimitFacts = {
  readonly watches: number | undefined;
  readonly watchers: number | undefined;
  readonly openFiles: number | undefined;
  readonly processes: number | undefined;
  /** The setting `limits.maxInstances`. */
  readonly instances: number;
};

/** An agent and what it starts (a language server, a bundler) watch so many folders and have so many files open. */
const WATCHES_EACH = 800;
const WATCHERS_EACH = 4;
const FILES = { ours: 256, each: 32 } as const;
const PROCESSES = { ours: 64, each: 40 } as const;

/** What is to be said about limits, for as many agents as the configuration allows. */
export const judgeLimits = (facts: LimitFacts): readonly Finding[] => {
  const { instances, watches, watchers, openFiles, processes } = facts;
  const few = (value: number | undefined, need: number): value is number => value !== undefined && value < need;
  const agents = instances === 1 ? 'one agent' : `${instances} agents`;
  const found: Finding[] = [];
  const wanted = { watches: instances * WATCHES_EACH, watchers: 16 + instances * WATCHERS_EACH };
  if (few(watches, wanted.watches)) {
    const cause = `${watches} watches a user are few for ${agents}: changes may be seen late`;
    found.push(note('system.inotify-watches', 'inotify', cause, 'sudo sysctl fs.inotify.max_user_watches=524288'));
  }
  if (few(watchers, wanted.watchers)) {
    const cause = `${watchers} watching programs a user are few for ${agents}`;
    found.push(note('system.inotify-instances', 'inotify', cause, 'sudo sysctl fs.inotify.max_user_instances=1024'));
  }
  if (few(openFiles, FILES.ours + instances * FILES.each)) {
    const cause = `${openFiles} open files are few for ${agents}`;
    found.push(warning('system.open-files', 'open files', cause, 'ulimit -n 65536'));
  }
  if (few(processes, PROCESSES.ours + instances * PROCESSES.each)) {
    const cause = `${processes} processes are few for ${agents}`;
    found.push(warning('system.processes', 'processes', cause, 'ulimit -u 8192'));
  }
  return found.length > 0 ? found : [ok('system.limits', 'limits', `enough for ${agents}`)];
};

/** What is known of what happens at logout; null where the system does not tell. */
type LogoutFacts = {
  readonly user: string;
  readonly killsProcesses: boolean | null;
  readonly lingers: boolean | null;
  /** Over a line that may break. */
  readonly remote: boolean;
};

/** What is to be said about logging out. */
export const judgeLogout = ({ user, killsProcesses, lingers, remote }: LogoutFacts): Finding => {
  const linger = commandLine('loginctl', 'enable-linger', user);
  // logind leaves root alone unless somebody changed that as well.
  if (lingers === true || user === 'root' || killsProcesses === false)
    return ok('system.logout', 'logout', 'agents go on after it');
  if (killsProcesses) {
    const weigh = remote ? error : warning;
    return weigh('system.logout-kills', 'logout', 'ends all your processes, agents included', linger);
  }
  if (lingers === false && remote) {
    const cause = 'may end all your processes: you come over SSH, and lingering is off';
    return warning('system.logout-may-kill', 'logout', cause, linger);
  }
  return ok('system.logout', 'logout', 'nothing is known to end agents then');
};

/** What is to be said about Node. */
export const judgeNode = (version: string, engines: string): Finding => {
  const [major = 0, minor = 0] = (/(?<v>\d+\.\d+)/u.exec(engines)?.[0] ?? '0.0').split('.').map(Number);
  if (atLeast(version, [major, minor])) return ok('node.version', 'node', version);
  const cause = `${version} is too old, ${engines.replace(/^>=/u, '')} is needed`;
  return { ...error('node.too-old', 'node', cause, 'npm install -g node@24'), label: 'install with' };
};

const SKEW_MS = 60_000;

/** Facts in the journal carry times: a clock that went back makes later facts look earlier. */
export const judgeClock = (now: number, lastEvent: number | null): readonly Finding[] => {
  if (lastEvent === null || lastEvent - now < SKEW_MS) return [];
  const cause = `is ${Math.round((lastEvent - now) / 60_000)} min behind the last event: it went backwards`;
  return [warning('system.clock', 'clock', cause, 'sudo timedatectl set-ntp true')];
};

const numberIn = async (file: string): Promise<number | undefined> => {
  const value = Number(await readFile(file, 'utf8').catch(() => 'x'));
  return Number.isFinite(value) ? value : undefined;
};

/** The soft limit in `/proc/self/limits`. */
export const limitIn = (text: string, name: string): number | undefined => {
  const value = new RegExp(`^${name}\\s+(?<soft>\\d+)`, 'mu').exec(text)?.groups?.['soft'];
  return value === undefined ? undefined : Number(value);
};

const flagIn = (text: string | undefined, name: string): boolean | null => {
  const value = new RegExp(`^\\s*${name}\\s*=\\s*(?<value>yes|no)`, 'mu').exec(text ?? '')?.groups?.['value'];
  return value === undefined ? null : value === 'yes';
};

const LOGIND = '/etc/systemd/logind.conf';

const logoutFacts = async (examination: Examination): Promise<LogoutFacts> => {
  const user = examination.env['USER'] || examination.env['LOGNAME'] || userInfo().username;
  const parts = (await readdir(`${LOGIND}.d`).catch(() => [])).map((name) => `${LOGIND}.d/${name}`);
  const [manager, mine, ...texts] = await Promise.all([
    ask(examination, 'loginctl', ['show-session', '--property=KillUserProcesses']),
    ask(examination, 'loginctl', ['show-user', '--property=Linger', '--', user]),
    ...[LOGIND, ...parts].map((file) => readFile(file, 'utf8').catch(() => '')),
  ]);
  const kills = flagIn(manager?.stdout, 'KillUserProcesses');
  return {
    user,
    killsProcesses: kills ?? flagIn(texts.toReversed().join('\n'), 'KillUserProcesses'),
    lingers: flagIn(mine?.stdout, 'Linger'),
    remote: Boolean(examination.env['SSH_CONNECTION'] || examination.env['SSH_TTY']),
  };
};

/** Node, the machine's limits, and what happens at logout. */
export const probeSystem: Probe = async (examination) => {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  return [
    judgeNode(process.versions.node, enginesOf()),
    ...judgeLimits({
      watches: await numberIn('/proc/sys/fs/inotify/max_user_watches'),
      watchers: await numberIn('/proc/sys/fs/inotify/max_user_instances'),
      openFiles: limitIn(limits, 'Max open files'),
      processes: limitIn(limits, 'Max processes'),
      instances: examination.settings?.limits.maxInstances ?? 10,
    }),
    judgeLogout(await logoutFacts(examination)),
  ];
};
