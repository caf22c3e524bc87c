import { randomUUID } from 'node:crypto';
import { linesOf } from '../lib/text.ts';
import type { Processes, Tmux } from '../ports/index.ts';
import { checkpoint } from './checkpoint.ts';
import { createSession } from './create.ts';
import { endSession } from './end-session.ts';
import { targetMissing } from './errors.ts';
import { knowsWord, pasteText, pressKeys, replyOnce, typeText } from './input.ts';
import { PANE_FORMAT, parsePanes, SERVER_FORMAT } from './list.ts';
import type { TmuxCommand } from './quote.ts';
import { type TmuxRunner, tmuxRunner } from './run.ts';
import { detachAll, listSessions } from './sessions.ts';
import { versionOf } from './version.ts';
import { resetLayout } from './windows.ts';

export type TmuxOptions = {
  readonly processes: Processes;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Name of a server of its own; without one it is the user's default server. */
  readonly socket?: string;
  /** Path of a server's socket; wins over `socket`. */
  readonly socketPath?: string;
  /** Folder of `log-writer.sh`, `pane.sh`, `window.sh` and `tmux-event.sh`. */
  readonly assets: string;
};

// Those who only look find nothing on a server that does not run.
const look = async (runner: TmuxRunner, ...command: Parameters<TmuxRunner['ask']>[0][number]): Promise<string> => {
  const { stdout, failure, noServer } = await runner.ask([command]);
  if (failure && !noServer) throw failure;
  return noServer ? '' : stdout;
};

/** Panes and screens by one call. What a screen shows cannot pass for a border: nobody knows the word that divides them. */
const lookAt = async (runner: TmuxRunner, prefix: string, panes: readonly string[]) => {
  const border = `drover-${randomUUID()}`;
  const { stdout, failure, noServer } = await runner.ask([
    ['list-panes', '-a', '-f', '#{@drover_id}', '-F', PANE_FORMAT],
    ...panes.flatMap((pane): TmuxCommand[] => [
      ['display-message', '-p', border],
      ['capture-pane', '-p', '-t', pane],
    ]),
  ]);
  // A pane that went away meanwhile ends the call; what came before it is good.
  if (failure && !noServer && panes.length === 0) throw failure;
  const [first = '', ...texts] = noServer ? [''] : stdout.split(`${border}\n`);
  return {
    panes: parsePanes(first).filter(({ droverId }) => droverId.startsWith(prefix)),
    screens: new Map(texts.map((text, i) => [panes[i]!, text])),
  };
};

const resizeSession = async (runner: TmuxRunner, session: string, size: readonly string[]): Promise<void> => {
  const panes = await runner.run([
    ['list-panes', '-s', '-t', `=${session}`, '-F', '#{==:#{pane_id},#{@drover_pane}} #{pane_id}'],
  ]);
  const pane = /^1 (?<pane>%\d+)$/mu.exec(panes)?.groups?.['pane'];
  if (pane === undefined) throw targetMissing({ target: session });
  await runner.run([
    ['resize-window', '-t', pane, ...size],
    ['set-option', '-w', '-t', pane, 'window-size', 'latest'],
  ]);
};

const findServer: (runner: TmuxRunner) => ReturnType<Tmux['server']> = async (runner) => {
  const id = (await look(runner, 'display-message', '-p', SERVER_FORMAT)).trim();
  const pid = Number.parseInt(id, 10);
  return pid > 1 ? { pid, id } : null;
};

const nudgeServer = async (runner: TmuxRunner): Promise<void> => {
  const server = await findServer(runner);
  if (server !== null) process.kill(server.pid, 'SIGCHLD');
};

/** The user's tmux server, or a server of its own, as the program sees it. */
export const openTmux = (options: TmuxOptions): Tmux => {
  const runner = tmuxRunner(options);
  let supported: Promise<string> | undefined;
  const requireSupported = async (): Promise<void> => {
    supported ??= versionOf(runner);
    await supported.catch((error: unknown) => {
      supported = undefined;
      throw error;
    });
  };
  return {
    version: () => versionOf(runner),
    create: async (spec) => {
      await requireSupported();
      return createSession(runner, { spec, assets: options.assets });
    },
    list: async (prefix) => (await lookAt(runner, prefix, [])).panes,
    look: (prefix, panes) => lookAt(runner, prefix, panes),
    sessionNames: async () => linesOf(await look(runner, 'list-sessions', '-F', '#{session_name}')),
    sessions: (prefix) => listSessions(runner, prefix),
    detach: (session, droverId) => detachAll(runner, session, droverId),
    layout: (spec) => resetLayout(runner, spec, options.assets),
    type: (pane, text, options) => typeText(runner, pane, text, options),
    reply: (pane, keys, once, by) => replyOnce(runner, pane, keys, { once, by }),
    knows: (pane, word) => knowsWord(runner, pane, word),
    paste: (pane, text, word) => pasteText(runner, pane, text, word),
    press: (pane, ...keys) => pressKeys(runner, pane, keys),
    capture: (pane, { styled = false } = {}) =>
      runner.run([['capture-pane', '-p', ...(styled ? ['-e'] : []), '-t', pane]]),
    checkpoint: (pane, logDir, segment) => checkpoint(runner, { pane, logDir, segment, assets: options.assets }),
    resize: (session, cols, rows) => resizeSession(runner, session, ['-x', String(cols), '-y', String(rows)]),
    kill: (droverId) => endSession(runner, droverId),
    server: () => findServer(runner),
    nudge: () => nudgeServer(runner),
  };
};
