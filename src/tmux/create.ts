import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PaneInfo, SessionSpec } from '../ports/index.ts';
import { markPane } from './end-session.ts';
import { folderMissing, nameTaken, tmuxFailed } from './errors.ts';
import { noteTold } from './input.ts';
import { PANE_FORMAT, parsePanes } from './list.ts';
import { commandText, inFormat, shellInFormat, shellInTimeFormat, type TmuxCommand } from './quote.ts';
import { REFUSED, type TmuxRunner } from './run.ts';
import { AGENT_WINDOW, markWindow, openWindow } from './windows.ts';

// Whatever the user's configuration says, these hold for the window of an agent.
const WINDOW_OPTIONS: Readonly<Record<string, string>> = {
  'remain-on-exit': 'on',
  'automatic-rename': 'off',
  'allow-rename': 'off',
  'synchronize-panes': 'off',
  'allow-passthrough': 'off',
  'monitor-silence': '0',
};

// A hook of the session hides the user's of the same name. These two are hidden on purpose: a global `respawn-pane` or
// `kill-session` there would restart or end an agent behind our back.
const PANE_DIED = 'pane-died';
const SESSION_CREATED = 'session-created';

// For these the user's first commands are copied beside ours, so that nothing of theirs is hidden.
const SHARED_HOOKS = [
  { name: 'client-attached', flags: '-q' },
  { name: 'client-detached', flags: '-q' },
  { name: 'window-resized', flags: '-qw' },
] as const;
const COPIED_COMMANDS = [0, 1, 2];
const OUR_INDEX = 900;

type Create = { readonly spec: SessionSpec; readonly assets: string };

/** The shell command that keeps what a pane prints, ready for `pipe-pane`. */
export const writerCommand = (assets: string, logDir: string, segment: number): string =>
  shellInTimeFormat('/bin/sh', join(assets, 'log-writer.sh'), logDir, String(segment));

const eventCommand = ({ spec, assets }: Create, event: string): string => {
  const shell = shellInFormat('/bin/sh', join(assets, 'tmux-event.sh'), spec.spoolDir, spec.droverId, event);
  return commandText(['run-shell', '-b', shell]);
};

const essential = (create: Create): TmuxCommand[] => {
  const { spec, assets } = create;
  const target = `=${spec.session}:`;
  const size = ['-x', String(spec.cols), '-y', String(spec.rows)];
  const title = inFormat(spec.title);
  return [
    ['if-shell', '-F', '#{exit-unattached}', REFUSED],
    // The folder and the name are formats to tmux, the program is not. No shell of the user's starts it.
    [
      ...([
        'new-session',
        '-d',
        '-P',
        '-F',
        '#{session_id}',
        '-s',
        inFormat(spec.session),
        '-n',
        AGENT_WINDOW,
      ] as const),
      ...[...size, '-c', inFormat(spec.cwd), '--', '/bin/sh', join(assets, 'pane.sh'), spec.launchFile],
    ],
    ['pipe-pane', '-o', '-t', target, writerCommand(assets, spec.logDir, spec.firstSegment)],
    ['set-option', '-t', target, 'destroy-unattached', 'off'],
    // Else somebody who types there when it ends would go on typing into another session.
    ['set-option', '-t', target, 'detach-on-destroy', 'on'],
    ['set-option', '-t', target, `${SESSION_CREATED}[${OUR_INDEX}]`, ''],
    ['set-option', '-t', target, '@drover_id', spec.droverId],
    ['set-option', '-F', '-t', target, '@drover_pane', '#{pane_id}'],
    markPane(target, spec.droverId),
    ...(spec.word === undefined ? [] : [noteTold(target, spec.word)]),
    ...Object.entries(WINDOW_OPTIONS).map(
      ([name, value]): TmuxCommand => ['set-option', '-qw', '-t', target, name, value],
    ),
    ['set-option', '-qw', '-t', target, `${PANE_DIED}[${OUR_INDEX}]`, eventCommand(create, PANE_DIED)],
    // Versions before 3.3 ignore the size of a detached session, and resizing fixes the size for good unless undone.
    ['resize-window', '-t', target, ...size],
    ['set-option', '-w', '-t', target, 'window-size', 'latest'],
    ['set-option', '-t', target, 'status-style', `bg=${spec.background},fg=${spec.foreground}`],
    ['select-pane', '-t', target, '-T', title],
    markWindow(target, AGENT_WINDOW),
    ['display-message', '-p', '-t', target, PANE_FORMAT],
  ];
};

const sharedHooks = (create: Create): TmuxCommand[] => {
  const target = `=${create.spec.session}:`;
  return SHARED_HOOKS.flatMap(({ name, flags }): TmuxCommand[] => [
    // All are read before the first is written: from then on the user's are hidden.
    ...COPIED_COMMANDS.map(
      (i): TmuxCommand => ['set-option', '-F', '-t', target, `@drover_hook${i}`, `#{${name}[${i}]}`],
    ),
    ['set-option', flags, '-t', target, `${name}[${OUR_INDEX}]`, eventCommand(create, name)],
    ...COPIED_COMMANDS.map(
      (i): TmuxCommand => ['set-option', `${flags}F`, '-t', target, `${name}[${i}]`, `#{@drover_hook${i}}`],
    ),
  ]);
};

const requireFolder = async (path: string): Promise<void> => {
  // tmux would start the agent in the home folder instead.
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) throw folderMissing({ path });
};

/** Creates, marks and pipes a session in one invocation, so that neither a byte nor the session itself can be missed. */
export const createSession = async (runner: TmuxRunner, create: Create): Promise<PaneInfo> => {
  const { spec } = create;
  await requireFolder(spec.cwd);
  // The last commands are comfort: a hook of the user's that cannot be copied must not stop the session.
  const place = { session: spec.session, cwd: spec.cwd, assets: create.assets };
  const beside = (spec.windows ?? []).flatMap((window) => openWindow(place, window));
  const commands = [...essential(create), ...beside, ...sharedHooks(create)];
  const first = await runner.ask(commands);
  // A server that was just ending takes nothing along but itself; the next one is ours to start.
  const { stdout, stderr, failure } = first.noServer ? await runner.ask(commands) : first;
  const [id = '', line = ''] = stdout.split('\n');
  const [info] = parsePanes(line);
  if (info) return info;
  if (stderr.includes('duplicate session')) throw nameTaken({ session: spec.session });
  if (/^\$\d+$/u.test(id)) await runner.ask([['kill-session', '-t', id]]);
  throw failure ?? tmuxFailed({ reason: 'the session ended while it was being created' });
};
