import { commandText, inOperand, type TmuxCommand } from './quote.ts';
import type { TmuxRunner } from './run.ts';
import { AGENT_WINDOW } from './windows.ts';

/** The option of a pane with the mark of the session that it was made for: a person may move it out of that. */
const PANE_MARK = '@drover_agent';

/** Marks the pane of the target as the agent's, wherever it goes. */
export const markPane = (target: string, droverId: string): TmuxCommand => [
  ...(['set-option', '-p', '-t', target, PANE_MARK] as const),
  droverId,
];

/** The option of a pane in which a person has opened the shell that is offered there: `window.sh` sets it. */
const TAKEN = '@drover_theirs';

const FORMAT = [
  '#{session_id}',
  '#{window_id}',
  '#{pane_id}',
  '#{?@drover_pane,#{==:#{pane_id},#{@drover_pane}},none}',
  '#{?@drover_window,1,0}',
  `#{?${TAKEN},1,0}`,
  '#{@drover_id}',
  `#{${PANE_MARK}}`,
  '#{@drover_window}',
  '#{pane_current_command}',
  '#{session_name}',
].join('\t');

type Row = {
  readonly session: string;
  readonly window: string;
  readonly pane: string;
  /** Whether it is the agent's of its session. */
  readonly isAgents: boolean;
  /** Whether its session says which pane is the agent's. */
  readonly isSaid: boolean;
  /** Whether its window was opened for an agent. */
  readonly isOpened: boolean;
  /** Whether a person has opened the shell that is offered in it. */
  readonly isTaken: boolean;
  readonly mark: string;
  readonly paneMark: string;
  /** What its window was opened for; empty where it was not. */
  readonly purpose: string;
  /** The program that has its terminal. */
  readonly program: string;
  readonly name: string;
};

const rowsOf = (stdout: string): readonly Row[] =>
  stdout.split('\n').flatMap((line): Row[] => {
    const [session, window, pane, agents, opened, taken, ...texts] = line.split('\t');
    const [mark = '', paneMark = '', purpose = '', program = '', ...name] = texts;
    if (!session || !window || !pane) return [];
    const isOf = { isAgents: agents === '1', isSaid: agents !== 'none', isOpened: opened === '1' };
    const flags = { ...isOf, isTaken: taken === '1' };
    return [{ session, window, pane, ...flags, mark, paneMark, purpose, program, name: name.join('\t') }];
  });

/** Commands for a target that still is what was seen: by now another server may listen, with other things of the same ids. */
const where = (target: string, condition: string, ...commands: readonly TmuxCommand[]): TmuxCommand => [
  ...(['if-shell', '-F', '-t', target, condition] as const),
  commands.map(commandText).join(' ; '),
];

/** The windows that were opened for the agent with this mark, and not those of another one that a person shows beside them. */
const windowsOf = (rows: readonly Row[], droverId: string): ReadonlySet<string> => {
  const elsewhere = new Set(rows.flatMap(({ mark, window }) => (mark !== '' && mark !== droverId ? [window] : [])));
  const isOurs = ({ isAgents, isOpened, mark, paneMark, window }: Row): boolean =>
    mark === droverId && (isAgents || paneMark === droverId || (isOpened && !elsewhere.has(window)));
  return new Set(rows.filter(isOurs).map(({ window }) => window));
};

const SHELL = /^-?(?:a|ba|c|da|fi|k|mk|tc|z)?sh$/u;

/**
 * Whether a pane of an agent's session is a person's: in a window or a part of one of their own, or the shell once they have
 * opened it. Nothing is theirs in a session that does not say which pane is the agent's.
 */
const isTheirs = (
  { isAgents, isSaid, isOpened, isTaken, paneMark, purpose, program }: Row,
  droverId: string,
): boolean => {
  if (!isSaid || isAgents || paneMark === droverId) return false;
  // Where `window.sh` could not tell tmux, what runs there does, unless that is a shell again.
  return !isOpened || isTaken || purpose === AGENT_WINDOW || (purpose === 'shell' && !SHELL.test(program));
};

/** The sessions with the mark in which a person runs something that is shown nowhere else. */
const sharedSessions = (rows: readonly Row[], droverId: string): ReadonlySet<string> => {
  const own = rows.filter(({ mark }) => mark === droverId);
  const elsewhere = new Set(rows.flatMap(({ mark, window }) => (mark === droverId ? [] : [window])));
  const theirs = own.filter((row) => isTheirs(row, droverId) && !elsewhere.has(row.window));
  return new Set(theirs.map(({ session }) => session));
};

/** A name that no session has, for one that goes on without its agent. */
const freeName = (name: string, taken: ReadonlySet<string>): string => {
  for (let n = 1; ; n += 1) {
    const wanted = n === 1 ? `${name}-yours` : `${name}-yours-${n}`;
    if (!taken.has(wanted)) return wanted;
  }
};

type Kept = { readonly session: string; readonly name: string };

/** The sessions that go on because a person runs something there, with the names that they get. */
const keptOf = (rows: readonly Row[], droverId: string): readonly Kept[] => {
  const taken = new Set(rows.map(({ name }) => name));
  return [...sharedSessions(rows, droverId)].map((session) => {
    const name = freeName(rows.find((row) => row.session === session)!.name, taken);
    taken.add(name);
    return { session, name };
  });
};

/** What ends the agent in a session that goes on, and takes its name and its mark off that. */
const leavingOf = (rows: readonly Row[], droverId: string, { session, name }: Kept): readonly TmuxCommand[] => {
  const own = rows.filter((row) => row.session === session);
  const ours = own.filter((row) => !isTheirs(row, droverId));
  return [
    ['rename-session', '-t', session, name],
    ['set-option', '-u', '-t', `${session}:`, '@drover_pane'],
    ['set-option', '-u', '-t', `${session}:`, '@drover_id'],
    ...[...new Set(ours.map(({ pane }) => pane))].map((pane): TmuxCommand => ['kill-pane', '-t', pane]),
  ];
};

/** What ends all that has the mark: its session, what a person shows of it in others, and what they have moved there. */
const endingOf = (rows: readonly Row[], kept: readonly Kept[], droverId: string): readonly TmuxCommand[] => {
  const has = (option: string): string => `#{==:#{${option}},${inOperand(droverId)}}`;
  const own = rows.filter(({ mark, session }) => mark === droverId && !kept.some((one) => one.session === session));
  const others = rows.filter(({ mark }) => mark !== droverId);
  const windows = windowsOf(rows, droverId);
  const shown = new Set(others.flatMap(({ window }) => (windows.has(window) ? [window] : [])));
  const moved = others.filter(({ window, paneMark }) => paneMark === droverId && !windows.has(window));
  return [
    ...[...new Set(moved.map(({ pane }) => pane))].map((pane) =>
      where(pane, has(PANE_MARK), ['kill-pane', '-t', pane]),
    ),
    ...kept.map((one) => where(`${one.session}:`, has('@drover_id'), ...leavingOf(rows, droverId, one))),
    ...[...new Set(own.map(({ session }) => session))].map((session) =>
      where(
        `${session}:`,
        has('@drover_id'),
        ['kill-session', '-t', session],
        ...[...shown].map((window) => where(window, '#{window_id}', ['kill-window', '-t', window])),
      ),
    ),
  ];
};

/**
 * Ends the session with this mark, whatever a person calls it by now, and the agent in it: a window that they show in a session of
 * their own as well would outlive it, and so would a pane that they have moved. What else is there is theirs: a session in which they
 * run something goes on by another name, without the agent. Resolves with those names.
 */
export const endSession = async (runner: TmuxRunner, droverId: string): Promise<readonly string[]> => {
  if (droverId === '') return [];
  const found = await runner.ask([['list-panes', '-a', '-F', FORMAT]]);
  if (found.noServer) return [];
  if (found.failure) throw found.failure;
  const rows = rowsOf(found.stdout);
  const kept = keptOf(rows, droverId);
  const commands = endingOf(rows, kept, droverId);
  if (commands.length === 0) return [];
  const { failure, noServer } = await runner.ask(commands);
  if (failure && !noServer) throw failure;
  return kept.map(({ name }) => name);
};
