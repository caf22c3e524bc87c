import { locate } from '../../client/locate.ts';
import { openReplica } from '../../client/replica.ts';
import { languageOf } from '../../commands/language.ts';
import type { Paths } from '../../lib/paths.ts';
import { followLog } from '../../logs/follow.ts';
import { readLog } from '../../logs/read.ts';
import type { OutputFormat } from '../../protocol/frame.ts';
import { parse } from '../../protocol/parse.ts';
import type { TuiOptions } from '../../tui/app/options.ts';
import type { KeySource } from '../../tui/input/keyboard.ts';
import { boxTextWidth } from '../../tui/model/box-layout.ts';
import { lookAt, sinceYouLooked } from '../../tui/model/since.ts';
import { attachCommand, type Place } from '../attach.ts';
import type { Io } from '../io.ts';
import { waitForAnswer } from '../patience.ts';
import { maskHere } from '../redact.ts';
import { agentTerminalOpener } from './agent-terminal.ts';
import { openLiveSettings } from './live-settings.ts';
import { completer, forecaster, historyWriter, readerAt, readHistory, stringEnv } from './tui-client.ts';
import { lookoutOf, workersHere } from './surroundings.ts';
import { toolProgram } from './review-tools.ts';
import { openTheme } from './tui-looks.ts';
import { recallLook, recallView, rememberView, viewFile } from './view-memory.ts';

const HISTORY = 'history';
/** How much of an agent's log is read when somebody reads back in its pane: thousands of lines, within a moment. */
const READ_BACK_BYTES = 1024 * 1024;

/** A keyboard behind which somebody else may sit as well. */
type KeyFilter = (keys: KeySource) => KeySource;

/** How answers are shown: in a page, with what they suggest apart from their text. */
const pageView = (columns: number): OutputFormat => ({
  columns: boxTextWidth(columns, false),
  color: false,
  suggestionsApart: true,
});

/** Shows the swarm of a repository on this terminal until the user leaves; the agents go on. */
export const showTui = async (
  io: Io,
  paths: Paths,
  { keysFrom, ...more }: Pick<TuiOptions, 'farewell' | 'guide' | 'review'> & { keysFrom?: KeyFilter } = {},
): Promise<number> => {
  process.env['NODE_ENV'] ??= 'production';
  const [{ runTui }, { terminalIo }] = await Promise.all([
    import('../../tui/app/run-tui.ts'),
    import('../../tui/app/terminal-io.ts'),
  ]);
  const terminal = terminalIo(io.env, io.stdout);
  let replaced: string | undefined;
  const options = {
    paths,
    env: io.env,
    view: () => pageView(terminal.size().columns),
    actor: 'tui',
    tell: (sentence: string) => {
      replaced = sentence;
    },
  };
  const replica = await waitForAnswer(io, paths, (signal) => openReplica({ ...options, signal }));
  const file = `${paths.state}/${HISTORY}`;
  const memory = viewFile(io.env);
  const preferences = recallView(memory, paths.root);
  const last = recallLook(memory, paths.root);
  const since = last ? sinceYouLooked(replica.state, last, Date.now()) : null;
  const notice = [replaced, since].filter(Boolean).join(' ');
  const [history, live] = await Promise.all([readHistory(file), openLiveSettings(paths, io.env)]);
  const { looks, onLooks } = await openTheme(live, io.env);
  const masked = await maskHere(io);
  const language = () => languageOf(live.settings, live.layers);
  const surroundings = await lookoutOf(replica, paths.root, live, io.env['PATH'] ?? '');
  try {
    return await runTui({
      client: replica,
      remember: historyWriter(file),
      ask: replica.ask,
      repository: paths.root.split('/').at(-1) ?? paths.root,
      follow: (id, sink) => followLog(`${paths.logs}/${id}`, masked.sink(sink), { size: { cols: 120, rows: 36 } }),
      guest: (text, reply) => {
        const parsed = parse(text, language());
        if (!parsed.ok || parsed.meaning.verb !== 'attach') return null;
        const { argv, env } = attachCommand(reply.data as Place, io.env);
        return { argv, env: stringEnv(env) };
      },
      tool: toolProgram(paths.root, io.env),
      openAgentTerminal: agentTerminalOpener(paths, io.env),
      printed: (id) => masked.printed(readLog(`${paths.logs}/${id}`, { tailBytes: READ_BACK_BYTES })),
      surroundings,
      ...(preferences ? { preferences } : {}),
      onPreferences: (now) => rememberView(memory, paths.root, now),
      hint: forecaster(replica, language, {
        get settings() {
          return live.settings;
        },
        workers: () => workersHere(live.settings, io.env['PATH'] ?? ''),
      }),
      complete: completer(replica, language, surroundings),
      ...readerAt(replica, language),
      history,
      heralds: () => live.settings.tui,
      looks,
      onLooks,
      io: keysFrom ? { ...terminal, keys: keysFrom(terminal.keys) } : terminal,
      ...(notice === '' ? {} : { notice: Promise.resolve(notice) }),
      ...more,
    });
  } finally {
    // A repository that is thrown away is not come back to.
    if (more.farewell === undefined) rememberView(memory, paths.root, { last_look: lookAt(replica.state, Date.now()) });
    live.close();
    replica.close();
  }
};

/** Opens the screen of the repository of this folder: `drover` on a terminal. */
export const openTui = async (io: Io): Promise<number> => showTui(io, locate(io.cwd, io.env));
