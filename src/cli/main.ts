import { defineError } from '../lib/errors.ts';
import { type Flags, type Io, readFlags } from './io.ts';
import { printError, printLine } from './print.ts';

type Run = (io: Io, flags: Flags, argv: readonly string[]) => Promise<number>;

/** What this process does itself; everything else is said to the daemon. Loaded when needed, to start quickly. */
const LOCAL: Readonly<Record<string, () => Promise<Run>>> = {
  init: async () => (await import('./setup/init.ts')).init,
  do: async () => (await import('./say.ts')).sayText,
  parse: async () => (await import('./parse.ts')).parseText,
  rehearse: async () => (await import('./rehearse/rehearse.ts')).rehearse,
  demo: async () => (await import('./rehearse/demo.ts')).demo,
  health: async () => (await import('./health.ts')).health,
  daemon: async () => (await import('./daemon.ts')).daemon,
  down: async () => (await import('./daemon.ts')).down,
  attach: async () => (await import('./attach.ts')).attach,
  review: async () => (await import('./screen/review.ts')).review,
  logs: async () => (await import('./follow/logs.ts')).logs,
  events: async () => (await import('./follow/events.ts')).events,
  config: async () => (await import('./setup/config.ts')).config,
  secrets: async () => (await import('./setup/secrets.ts')).secrets,
  backup: async () => (await import('./setup/backup.ts')).backup,
  trust: async () => (await import('./setup/trust.ts')).trust,
  web: async () => (await import('./web/web.ts')).web,
  watch: async () => (await import('./follow/watch.ts')).watch,
  doctor: async () => (await import('./doctor/doctor.ts')).doctor,
  completion: async () => (await import('./help/completion.ts')).completion,
  agents: async () => (await import('./say.ts')).sayOfAgents,
  sessions: async () => (await import('./say.ts')).sayOfSessions,
  timeline: async () => (await import('./say.ts')).sayTimeline,
  commands: async () => (await import('./help/help.ts')).commandList,
};

const noSettings = defineError('cli/no-settings', 2, (p: { command: string }) => ({
  message: `-c works with commands that the daemon carries out, and "${p.command}" is not one of them.`,
  hint: 'Leave it out, or change the setting: drover config set KEY VALUE.',
}));

/** What is done here and still takes settings for this invocation: these say a command, or show settings. */
const WITH_SETTINGS: ReadonlySet<string> = new Set([
  'do',
  'attach',
  'review',
  'config',
  'agents',
  'sessions',
  'timeline',
  'watch',
  'down',
]);

const takesSettings = (first: string | undefined): boolean =>
  first !== undefined && (WITH_SETTINGS.has(first) || !Object.hasOwn(LOCAL, first));

/** `drover` alone: the screen where somebody looks at it, else what the swarm does. */
const showSwarm = async (io: Io, flags: Flags): Promise<number> => {
  const isSeen = io.stdin.isTTY && io.stdout.isTTY && !flags.json && !flags.jsonl;
  if (!isSeen) return (await import('./say.ts')).sayArguments(io, flags, ['status', 'swarm']);
  if (io.env['TERM'] === 'dumb') return (await import('./screen/plain-view.ts')).openPlainView(io);
  return (await import('./screen/tui.ts')).openTui(io);
};

/** `--trust HASH` before another command: trusted first, and nothing else is done where that fails. */
const trustFirst = async (io: Io, flags: Flags, [first, second]: readonly string[]): Promise<number> => {
  // These two say by themselves what is trusted.
  if (flags.trust === undefined || first === 'trust' || (first === 'config' && second === 'rollback')) return 0;
  const { trust } = await import('./setup/trust.ts');
  return trust(io, { ...flags, json: false, jsonl: false, quiet: true }, []);
};

/** Runs what its first word names here, and says everything else to the daemon. */
const startNamed = async (io: Io, flags: Flags, argv: readonly [string, ...string[]]): Promise<number> => {
  const [first, second] = argv;
  const { sayArguments } = await import('./say.ts');
  if (second === 'attach') {
    const { attachBy, isAttach } = await import('./attach.ts');
    if (isAttach(argv)) return attachBy(io, flags, argv);
  }
  // `logs ID` prints one; what there is, the daemon says.
  if (first === 'logs' && second === 'list') return sayArguments(io, flags, argv);
  const local = Object.hasOwn(LOCAL, first) ? LOCAL[first] : undefined;
  return local ? (await local())(io, flags, argv.slice(1)) : sayArguments(io, flags, argv);
};

const start = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const [first, ...others] = argv;
  if (flags.settings.length > 0 && !takesSettings(first)) throw noSettings({ command: `drover ${first ?? ''}`.trim() });
  if (first === '--version') {
    const { versionOf } = await import('../client/package.ts');
    printLine(io.stdout, versionOf());
    return 0;
  }
  if (flags.help || first === 'help') {
    const { help } = await import('./help/help.ts');
    return help(io, flags, first === 'help' ? others : argv);
  }
  const refused = await trustFirst(io, flags, argv);
  if (refused !== 0) return refused;
  return first === undefined ? showSwarm(io, flags) : startNamed(io, flags, [first, ...others]);
};

/** Whether these arguments ask for more words, however wrong the others are. */
export const isVerbose = (argv: readonly string[]): boolean => {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).some((word) => word === '-v' || word === '--verbose');
};

/** Runs one command line and resolves with its exit code. */
export const main = async (argv: readonly string[], io: Io): Promise<number> => {
  try {
    const { flags, rest } = readFlags(argv);
    return await start(io, flags, rest[0] === '--' ? rest.slice(1) : rest);
  } catch (error) {
    return printError(io, error, { verbose: isVerbose(argv) });
  }
};
