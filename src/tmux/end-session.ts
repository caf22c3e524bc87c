import { commandText, inOperand, type TmuxCommand } from './quote.ts';
import type { TmuxRunner } from './run.ts';

/** The option of a pane with the mark of the session that it was made for: a person may move it out of that. */
const PANE_MARK = '@drover_agent';

/** Marks the pane of the target as the agent's, wherever it goes. */
export const markPane = (target: string, droverId: string): TmuxCommand => [
  ...(['set-option', '-p', '-t', target, PANE_MARK] as const),
  droverId,
];

const FORMAT = [
  '#{session_id}',
  '#{window_id}',
  '#{pane_id}',
  '#{==:#{pane_id},#{@drover_pane}}',
  '#{?@drover_window,1,0}',
  '#{@drover_id}',
  `#{${PANE_MARK}}`,
].join('\t');

type Row = {
  readonly session: string;
  readonly window: string;
  readonly pane: string;
  /** Whether it is the agent's of its session. */
  readonly isAgents: boolean;
  /** Whether its window was opened for an agent. */
  readonly isOpened: boolean;
  readonly mark: string;
  readonly paneMark: string;
};

const rowsOf = (stdout: string): readonly Row[] =>
  stdout.split('\n').flatMap((line): Row[] => {
    const [session, window, pane, agents, opened, mark = '', paneMark = ''] = line.split('\t');
    if (!session || !window || !pane) return [];
    return [{ session, window, pane, isAgents: agents === '1', isOpened: opened === '1', mark, paneMark }];
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

/** What ends all that has the mark: its session, what a person shows of it in others, and what they have moved there. */
const endingOf = (rows: readonly Row[], droverId: string): readonly TmuxCommand[] => {
  const has = (option: string): string => `#{==:#{${option}},${inOperand(droverId)}}`;
  const own = rows.filter(({ mark }) => mark === droverId);
  const others = rows.filter(({ mark }) => mark !== droverId);
  const windows = windowsOf(rows, droverId);
  const shown = new Set(others.flatMap(({ window }) => (windows.has(window) ? [window] : [])));
  const moved = others.filter(({ window, paneMark }) => paneMark === droverId && !windows.has(window));
  return [
    ...[...new Set(moved.map(({ pane }) => pane))].map((pane) =>
      where(pane, has(PANE_MARK), ['kill-pane', '-t', pane]),
    ),
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
 * their own as well would outlive it, and so would a pane that they have moved. What else is there is theirs.
 */
export const endSession = async (runner: TmuxRunner, droverId: string): Promise<void> => {
  if (droverId === '') return;
  const found = await runner.ask([['list-panes', '-a', '-F', FORMAT]]);
  if (found.noServer) return;
  if (found.failure) throw found.failure;
  const commands = endingOf(rowsOf(found.stdout), droverId);
  if (commands.length === 0) return;
  const { failure, noServer } = await runner.ask(commands);
  if (failure && !noServer) throw failure;
};
