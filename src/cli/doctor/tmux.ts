import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { shorten, shownLine } from '../../lib/text.ts';
import { atLeast, versionIn } from '../../lib/version.ts';
import type { Exit } from '../../ports/index.ts';
import type { Inspection, ServerFacts } from '../../ports/server-facts.ts';
import { ask, type Probe } from './examination.ts';
import { commandLine, error, type Finding, findingOf, note, ok, warning } from './finding.ts';
import { inspectSwarmServer } from './swarm-server.ts';

/** What is known of tmux on this machine. */
export type TmuxFacts = {
  /** The answer to `tmux -V`; null without a tmux. */
  readonly program: Exit | null;
  readonly server: Inspection;
  /** The setting `tmux.socket`. */
  readonly socket: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly install: string;
  /** Configuration files of tmux that make a server end when nobody is attached. */
  readonly deadly: readonly string[];
};

const OLDEST = [3, 2] as const;

/** A program that Drover cannot do without, by its answer; finds fault or says the version. */
export const judgeProgram = (
  name: 'tmux' | 'git',
  answer: Exit | null,
  oldest: readonly [number, number],
  install: string,
): Finding => {
  const faulty = (id: string, cause: string, label = 'install with'): Finding => ({
    ...error(`${name}.${id}`, name, cause, install),
    label,
  });
  if (answer === null) return faulty('missing', 'not found');
  if (answer.timedOut) return faulty('silent', 'does not answer', 'install again with');
  const version = answer.code === 0 ? versionIn(answer.stdout) : '';
  if (version === '') return faulty('version-unknown', 'does not tell its version');
  if (!atLeast(version, oldest)) return faulty('too-old', `${version} is too old, ${oldest.join('.')} is needed`);
  return ok(`${name}.version`, name, version);
};

/** Faults of versions that are in the field, which end the server with everything in it. */
const faultOf = (version: string): string | undefined => {
  if (!atLeast(version, [3, 4])) return 'crashes when text is pasted into a pane whose program has ended';
  return atLeast(version, [3, 7]) ? undefined : 'may crash while control clients ("tmux -C") come and go';
};

const tmuxOn = (socket: string | undefined, ...words: readonly string[]): string =>
  commandLine('tmux', ...(socket === undefined ? [] : ['-L', socket]), ...words);

const judgeRefusal = (reason: string, { socket, env }: TmuxFacts): Finding => {
  const folder = `${env['TMUX_TMPDIR'] || '/tmp'}/tmux-${process.getuid?.() ?? 0}`;
  if (/protocol version|server version is too old/u.test(reason))
    return {
      ...error('tmux.mismatch', 'server', 'is of another version than the program', tmuxOn(socket, 'kill-server')),
      label: 'end it, with all its sessions, by',
    };
  if (/unsafe permissions/u.test(reason))
    return error('tmux.permissions', 'server', `others can enter ${folder}`, commandLine('chmod', '700', folder));
  if (/too long/u.test(reason))
    return error('tmux.path-too-long', 'server', 'TMUX_TMPDIR is too long for a socket', 'unset TMUX_TMPDIR');
  const cause = `does not take us: ${shorten(shownLine(reason), 120) || 'it says nothing'}`;
  return { ...error('tmux.refused', 'server', cause, tmuxOn(socket, 'list-sessions')), label: 'see more with' };
};

/** Options that end sessions, and hooks that do. */
const judgeEndings = ({ options, hooks }: ServerFacts, socket: string | undefined): Finding[] => {
  const found: Finding[] = [];
  const set = (...words: readonly string[]) => tmuxOn(socket, 'set-option', ...words, 'off');
  if (options['exit-unattached'] === 'on') {
    const cause = 'is on: the server ends, with every agent, as soon as nobody is attached (see tmux.conf as well)';
    found.push(error('tmux.exit-unattached', 'exit-unattached', cause, set('-s', 'exit-unattached')));
  }
  if ((options['destroy-unattached'] ?? 'off') !== 'off') {
    const cause = 'is on: your own sessions end when you detach; those of Drover are kept from it';
    found.push(note('tmux.destroy-unattached', 'destroy-unattached', cause, set('-g', 'destroy-unattached')));
  }
  for (const { name, window } of hooks.filter(({ command }) => ENDING.test(command))) {
    const undo = tmuxOn(socket, 'set-hook', window ? '-guw' : '-gu', name);
    found.push(warning('tmux.deadly-hook', `hook ${name}`, 'ends sessions, which may be those of agents', undo));
  }
  return found;
};

const ENDING = /\bkill(?:-(?:session|server|window|pane)|w|p)\b/u;
const USABLE = /^(?:tmux|screen)/u;
const SLOW_ESCAPE_MS = 100;

/** What people see: keys, colours, the name of the terminal. */
const judgeDisplay = ({ options, clients }: ServerFacts, socket: string | undefined): Finding[] => {
  const found: Finding[] = [];
  const set = (...words: readonly string[]) => tmuxOn(socket, 'set-option', ...words);
  const terminal = options['default-terminal'] ?? '';
  const plain = /^screen(?:\.\w+)?$/u.test(terminal);
  if (plain || !USABLE.test(terminal)) {
    const cause = `is "${shownLine(terminal)}": programs inside ${plain ? 'get eight colours only' : 'take tmux for something else'}`;
    const repair = set('-s', 'default-terminal', 'tmux-256color');
    found.push((plain ? note : warning)('tmux.default-terminal', 'default-terminal', cause, repair));
  }
  const delay = Number(options['escape-time'] ?? 0);
  if (delay > SLOW_ESCAPE_MS) {
    const cause = `is ${delay} ms: the Escape key is that late in every program inside`;
    found.push(note('tmux.escape-time', 'escape-time', cause, set('-s', 'escape-time', '10')));
  }
  for (const term of new Set(clients.filter(({ features }) => !features.includes('RGB')).map((one) => one.term))) {
    const cause = `without RGB for ${shownLine(term)}: colours are rounded to 256 when you attach`;
    found.push(note('tmux.colours', 'terminal-features', cause, set('-as', 'terminal-features', `,${term}:RGB`)));
  }
  return found;
};

/** Agents inherit the environment of the process that started the server. */
const judgeEnvironment = ({ environment }: ServerFacts, { socket, env }: TmuxFacts): Finding[] => {
  const other = (['HOME', 'USER'] as const).find(
    (name) => env[name] && environment[name] !== undefined && environment[name] !== env[name],
  );
  if (!other) return [];
  const cause = `was started with ${other}=${shownLine(environment[other]!)}: agents look there for their login`;
  return [warning('tmux.environment', 'server', cause, tmuxOn(socket, 'set-environment', '-g', other, env[other]!))];
};

const judgeServer = (facts: ServerFacts, about: TmuxFacts, program: string): Finding[] => {
  const { socket } = about;
  const where = socket === undefined ? '' : `, on the socket "${socket}"`;
  const version =
    facts.version === program
      ? []
      : [
          {
            ...(atLeast(facts.version, OLDEST) ? note : error)(
              'tmux.other-version',
              'server',
              `still runs ${shownLine(facts.version)}, the program is ${program}`,
              tmuxOn(socket, 'kill-server'),
            ),
            label: 'when nobody needs its sessions any more',
          },
        ];
  return [
    ok('tmux.server', 'server', `runs as process ${facts.pid}${where}`),
    ...version,
    ...judgeEndings(facts, socket),
    ...judgeDisplay(facts, socket),
    ...judgeEnvironment(facts, about),
  ];
};

const withoutServer = (deadly: readonly string[]): Finding[] => [
  ok('tmux.server', 'server', 'none runs; the first agent starts it'),
  ...deadly.map((file) => {
    const cause = `${file} turns it on: a server ends, with every agent, as soon as nobody is attached`;
    const repair = commandLine('sed', '-i.bak', '/exit-unattached/d', file);
    return error('tmux.exit-unattached', 'exit-unattached', cause, repair);
  }),
];

/** What is to be said about tmux. */
export const judgeTmux = (facts: TmuxFacts): readonly Finding[] => {
  const program = judgeProgram('tmux', facts.program, OLDEST, facts.install);
  if (program.severity !== 'ok') return [program];
  const version = program.cause;
  const flaw = faultOf(version);
  const { server } = facts;
  return [
    program,
    ...(flaw === undefined
      ? []
      : [
          {
            ...note('tmux.fault', 'tmux', `${version} ${flaw}; Drover never does that`, facts.install),
            label: 'look for a newer one with',
          },
        ]),
    ...(server.kind === 'refused'
      ? [judgeRefusal(server.reason, facts)]
      : server.kind === 'server'
        ? judgeServer(server.facts, facts, version)
        : withoutServer(facts.deadly)),
  ];
};

/** The configuration files of tmux with a line that makes the server end. */
const deadlyFiles = async (env: TmuxFacts['env']): Promise<string[]> => {
  const home = env['HOME'] || homedir();
  const files = [
    '/etc/tmux.conf',
    `${home}/.tmux.conf`,
    `${env['XDG_CONFIG_HOME'] || `${home}/.config`}/tmux/tmux.conf`,
  ];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return files.filter((_file, i) => /^\s*set(?:-option)?\s[^#\n]*exit-unattached\s+(?:on|yes|1)\b/mu.test(texts[i]!));
};

/** tmux itself and the server that the agents would be on. */
export const probeTmux: Probe = async (examination) => {
  const { env, settings, processes, install } = examination;
  const program = await ask(examination, 'tmux', ['-V']);
  const facts = { program, socket: settings?.tmux.socket, env, install: install('tmux') };
  const early = judgeTmux({ ...facts, server: { kind: 'none' }, deadly: [] });
  if (early[0]!.severity !== 'ok') return early;
  try {
    const server = await inspectSwarmServer({ processes, env, settings });
    return judgeTmux({ ...facts, server, deadly: await deadlyFiles(env) });
  } catch (thrown) {
    return [early[0]!, findingOf('tmux.silent', 'server', thrown)];
  }
};
