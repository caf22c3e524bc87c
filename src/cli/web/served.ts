import { openReplica } from '../../client/replica.ts';
import { noteOver } from '../../client/request.ts';
import { tryConnect } from '../../client/start.ts';
import { languageOf } from '../../commands/language.ts';
import type { Paths } from '../../lib/paths.ts';
import { followLog } from '../../logs/follow.ts';
import { plainLines } from '../../logs/plain.ts';
import { readLog } from '../../logs/read.ts';
import { candidatesFor } from '../../tui/prompt/prompt-candidates.ts';
import { forecast } from '../../tui/prompt/prompt-forecast.ts';
import { pastEventsOf } from '../../web/swarm/past-events.ts';
import type { ServedRepository } from '../../web/swarm/served-repository.ts';
import type { Io } from '../io.ts';
import { maskHere, redactHere } from '../redact.ts';
import { openLiveSettings } from '../screen/live-settings.ts';
import { openSeat } from '../screen/seat.ts';
import { openLookout, workersHere } from '../screen/surroundings.ts';
import { stringEnv } from '../screen/tui-client.ts';
import { typeByCommands } from '../screen/typed-keys.ts';

/** What is searched of a terminal: thousands of lines. */
const SEARCHED_BYTES = 4 * 1024 * 1024;
/** Texts for terminals are as wide as a page shows them. */
const VIEW = { columns: 100, color: false };
/** The size of a terminal of which no photograph says it. */
const SIZE = { cols: 120, rows: 36 };

/** A repository as a page shows it, and the way to let go of what that takes. */
export const serveRepository = async (io: Io, paths: Paths): Promise<ServedRepository & { close(): void }> => {
  const here = { ...io, cwd: paths.root };
  const [masked, redact] = await Promise.all([maskHere(here), redactHere(here)]);
  const live = await openLiveSettings(paths, io.env);
  const language = () => languageOf(live.settings, live.layers);
  const workers = () => workersHere(live.settings, io.env['PATH'] ?? '');
  const surroundings = await openLookout(paths.root, live, io.env['PATH'] ?? '', { isWanted: () => true });
  return {
    id: paths.key,
    name: paths.root.split('/').at(-1) ?? paths.root,
    open: (heard) => openReplica({ paths, env: io.env, view: () => VIEW, actor: 'web', heard }),
    past: pastEventsOf(paths),
    note: async (note) => {
      const connection = await tryConnect(paths);
      return connection !== undefined && (await noteOver(connection, note)) !== undefined;
    },
    language,
    surroundings,
    complete: (text, state) => candidatesFor(text, { state, language: language(), surroundings: surroundings() }),
    hint: (text, state, reader) => forecast(text, { state, settings: live.settings, workers, reader }, language()),
    follow: (id, sink) => followLog(`${paths.logs}/${id}`, masked.sink(sink), { size: SIZE }),
    async *printed(id) {
      const lines = plainLines(masked.printed(readLog(`${paths.logs}/${id}`, { tailBytes: SEARCHED_BYTES })));
      for await (const line of lines) yield redact(line);
    },
    openTypist: async ({ instance, session, socket }) => {
      const mark = `${paths.key}/${instance}`;
      const seat = await openSeat({ instance, mark, session, socket, env: stringEnv(io.env) });
      return {
        type: (events) => typeByCommands(seat, events),
        close: async () => seat[Symbol.asyncDispose](),
      };
    },
    close: live.close,
  };
};
