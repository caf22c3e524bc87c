import { constants } from 'node:os';
import type { PaneInfo } from '../ports/index.ts';

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
  '#{==:#{pane_id},#{@drover_pane}}',
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

const parsePane = (line: string): { info: PaneInfo; own: boolean } => {
  const [session, droverId, pane, pid, dead, status, signal, cols, rows, attached, own, ...title] = line.split('\t');
  return {
    own: own === '1',
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
    },
  };
};

/** The agent's pane of each session; windows and panes that a person opened beside it are left out. */
export const parsePanes = (stdout: string): readonly PaneInfo[] => {
  const bySession = new Map<string, { info: PaneInfo; own: boolean }>();
  for (const line of stdout.split('\n')) {
    if (line === '') continue;
    const pane = parsePane(line);
    if (pane.own || !bySession.has(pane.info.session)) bySession.set(pane.info.session, pane);
  }
  return [...bySession.values()].map(({ info }) => info);
};
