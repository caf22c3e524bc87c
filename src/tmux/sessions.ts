import { linesOf } from '../lib/text.ts';
import type { ClientInfo, SessionInfo } from '../ports/index.ts';
import { commandText, inOperand } from './quote.ts';
import type { TmuxRunner } from './run.ts';

// tmux lets no tab into the names of sessions and windows, so a tab parts the fields.
const SESSION_FORMAT = [
  's',
  '#{session_name}',
  '#{@drover_id}',
  '#{session_created}',
  // What is printed counts for its window alone, and what is typed for the session.
  '#{session_activity} #{W:#{window_activity} }',
  '#{window_width}',
  '#{window_height}',
  '#{W:#{window_name}\t}',
].join('\t');

const CLIENT_FORMAT = [
  'c',
  '#{client_session}',
  '#{client_tty}',
  '#{client_readonly}',
  '#{client_width}',
  '#{client_height}',
].join('\t');

const timeOf = (seconds: string | undefined): string => new Date(Number(seconds) * 1000).toISOString();

/** The latest of several times. */
const latestOf = (all: string | undefined): string =>
  timeOf(`${Math.max(...(all ?? '').split(' ').filter(Boolean).map(Number))}`);

const readSession = (fields: readonly string[], clients: ReadonlyMap<string, ClientInfo[]>): SessionInfo => {
  const [, session = '', droverId = '', created, activity, cols, rows, ...windows] = fields;
  return {
    session,
    droverId,
    created: timeOf(created),
    activity: latestOf(activity),
    cols: Number(cols),
    rows: Number(rows),
    windows: windows.filter((name) => name !== ''),
    clients: clients.get(session) ?? [],
  };
};

/** The sessions that carry a mark which begins so, with those who look at them. */
export const listSessions = async (runner: TmuxRunner, prefix: string): Promise<readonly SessionInfo[]> => {
  const { stdout, failure, noServer } = await runner.ask([
    ['list-sessions', '-F', SESSION_FORMAT],
    ['list-clients', '-F', CLIENT_FORMAT],
  ]);
  if (noServer) return [];
  if (failure) throw failure;
  const lines = stdout.split('\n').map((line) => line.split('\t'));
  const clients = new Map<string, ClientInfo[]>();
  for (const [kind, session = '', tty = '', readOnly, cols, rows] of lines)
    if (kind === 'c')
      clients.set(session, [
        ...(clients.get(session) ?? []),
        { tty, readOnly: readOnly === '1', cols: Number(cols), rows: Number(rows) },
      ]);
  return lines
    .filter(([kind, , mark = '']) => kind === 's' && mark !== '' && mark.startsWith(prefix))
    .map((fields) => readSession(fields, clients));
};

/** Takes everybody away from the session, if it carries the mark; how many there were. */
export const detachAll = async (runner: TmuxRunner, session: string, droverId: string): Promise<number> => {
  const { stdout, failure, noServer } = await runner.ask([
    [
      'if-shell',
      '-F',
      '-t',
      `=${session}:`,
      // Without anybody there, tmux would look for a client to be meant.
      `#{&&:#{==:#{@drover_id},${inOperand(droverId)}},#{session_attached}}`,
      [
        commandText(['list-clients', '-t', `=${session}`, '-F', '#{client_tty}']),
        commandText(['detach-client', '-s', `=${session}`]),
      ].join(' ; '),
    ],
  ]);
  if (failure && !noServer) throw failure;
  return noServer ? 0 : linesOf(stdout).length;
};
