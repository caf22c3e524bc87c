import { constants } from 'node:os';
import type { PaneInfo } from '../ports/index.ts';

/** What tells one server from another that listens in its place later. */
export const SERVER_FORMAT = '#{pid}.#{start_time}';

// tmux lets no tab into a session's name or a pane's title, so a tab parts the fields.
const FIELDS = [
  '#{session_name}',
  '#{@drover_id}',
  '#{pane_id}',
  '#{pane_pid}',
  '#{pane_dead}',
  '#{pane_dead_status}',
  '#{pane_dead_signal}',
  '#{pane_width}',
  '#{pane_height}',
  '#{session_attached}',
  SERVER_FORMAT,
  '#{?@drover_pane,#{==:#{pane_id},#{@drover_pane}},any}',
  '#{pane_pipe}',
  '#{pane_title}',
];

/** What tmux is to print about a pane, for {@link parsePanes}. */
export const PANE_FORMAT = FIELDS.join('\t');

// Linux builds give the number, others the name without SIG.
const signalName = (text: string): string | null => {
  if (text === '') return null;
  if (!/^\d+$/u.test(text)) return text.startsWith('SIG') ? text : `SIG${text}`;
  return Object.entries(constants.signals).find(([, number]) => number === Number(text))?.[0] ?? `SIG${text}`;
};

const parsePane = (line: string): { info: PaneInfo; own: string } => {
  const [session, droverId, pane, pid, dead, status, signal, cols, rows, attached, server, own, pipe, ...title] =
    line.split('\t');
  return {
    own: own ?? '',
    info: {
      session: session ?? '',
      droverId: droverId ?? '',
      pane: pane ?? '',
      pid: Number(pid),
      dead: dead === '1',
      exitCode: dead === '1' && status ? Number(status) : null,
      exitSignal: dead === '1' ? signalName(signal ?? '') : null,
      cols: Number(cols),
      rows: Number(rows),
      title: title.join('\t'),
      attached: Number(attached),
      server: server ?? '',
      isLogged: pipe === '1',
    },
  };
};

/**
 * The agent's pane of each session; windows and panes beside it are left out, also when it is gone itself. Of a session
 * that somebody else has marked as ours, the first.
 */
export const parsePanes = (stdout: string): readonly PaneInfo[] => {
  const bySession = new Map<string, PaneInfo>();
  for (const line of stdout.split('\n')) {
    if (line === '') continue;
    const { info, own } = parsePane(line);
    if (own === '1' || (own === 'any' && !bySession.has(info.session))) bySession.set(info.session, info);
  }
  return [...bySession.values()];
};
