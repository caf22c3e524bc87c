import { join } from 'node:path';
import type { SessionSpec, SideWindow } from '../ports/index.ts';
import { targetMissing } from './errors.ts';
import { inFormat, type TmuxCommand } from './quote.ts';
import type { TmuxRunner } from './run.ts';

/** The window that the agent runs in, and the one that is shown. */
export const AGENT_WINDOW = 'agent';

/** What a window is for, whatever a person calls it. */
const PURPOSE = '@drover_window';

/** Whatever the user's configuration says, these hold for a window beside the agent's: who leaves its program closes it. */
const SIDE_OPTIONS: Readonly<Record<string, string>> = {
  'remain-on-exit': 'off',
  'automatic-rename': 'off',
  'allow-rename': 'off',
};

type WindowHome = Pick<SessionSpec, 'session' | 'cwd'> & { readonly assets: string };

/** Marks the window of the target for what it is. */
export const markWindow = (target: string, name: string): TmuxCommand => ['set-option', '-wt', target, PURPOSE, name];

/** Opens a window beside the agent's, which stays the one that is shown. */
export const openWindow = ({ session, cwd, assets }: WindowHome, { name, says, argv }: SideWindow): TmuxCommand[] => {
  const target = `=${session}:=${name}`;
  return [
    [
      ...(['new-window', '-d', '-t', `=${session}:`, '-n', inFormat(name), '-c', inFormat(cwd)] as const),
      ...['--', '/bin/sh', join(assets, 'window.sh'), says, ...argv],
    ],
    markWindow(target, name),
    ...Object.entries(SIDE_OPTIONS).map(
      ([option, value]): TmuxCommand => ['set-option', '-qwt', target, option, value],
    ),
  ];
};

const WINDOW_FORMAT = ['#{@drover_id}', '#{@drover_pane}', '#{window_id}', `#{${PURPOSE}}`, '#{window_name}'].join(
  '\t',
);

type Layout = Pick<SessionSpec, 'session' | 'droverId' | 'cwd' | 'windows'>;

/** Makes the windows again that somebody closed, and gives those that are there their names back. */
export const resetLayout = async (runner: TmuxRunner, spec: Layout, assets: string): Promise<readonly string[]> => {
  const { session, droverId, cwd, windows = [] } = spec;
  const listed = await runner.run([['list-windows', '-t', `=${session}`, '-F', WINDOW_FORMAT]]);
  const known = listed
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([mark]) => mark === droverId);
  const pane = known[0]?.[1];
  if (!pane) throw targetMissing({ target: session });
  const purposes = known.map(([, , , purpose]) => purpose);
  const missing = windows.filter(({ name }) => !purposes.includes(name));
  const renamed = known.flatMap(([, , id, purpose, name]): TmuxCommand[] =>
    id && purpose && purpose !== name ? [['rename-window', '-t', id, purpose]] : [],
  );
  const agent: TmuxCommand[] = purposes.includes(AGENT_WINDOW)
    ? []
    : [['rename-window', '-t', pane, AGENT_WINDOW], markWindow(pane, AGENT_WINDOW)];
  const commands = [...renamed, ...agent, ...missing.flatMap((window) => openWindow({ session, cwd, assets }, window))];
  if (commands.length > 0) await runner.run(commands);
  return missing.map(({ name }) => name);
};
