import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forkProgram } from '../process/fork-program.ts';
import type { RelayNews, RelayOrder, RelayVisit, SharedTerminal } from './orders.ts';

// Built, this is a part of a chunk; from the sources Node strips the types of both.
const MAIN = fileURLToPath(new URL(`../cli/share/relay-main${extname(import.meta.url)}`, import.meta.url));

/** How long the relay may take to cut guests off before it is killed, which cuts them off too, in milliseconds. */
const PATIENCE_MS = 700;

export type Relay = {
  readonly pid: number | undefined;
  /** Resolves when a guest can join; with why not, where that is so. */
  open(share: SharedTerminal): Promise<string | null>;
  /** Resolves when nobody looks any more. */
  close(id: string, because: string): Promise<void>;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  end(): Promise<void>;
};

/**
 * Starts the process that guests talk to. What they do to it harms nobody else, it ends with the program that started it,
 * and while nobody shares there is none. `hear` is called with what is no answer.
 */
export const openRelay = (hear: (visit: RelayVisit) => void): Relay => {
  const child = forkProgram(MAIN);
  const waiting = new Map<string, (news: RelayNews | null) => void>();
  const ended = new Promise<void>((resolve) => {
    const lose = (): void => {
      for (const answer of waiting.values()) answer(null);
      waiting.clear();
      resolve();
    };
    child.once('exit', lose);
    child.once('error', lose);
  });
  child.on('message', (message) => {
    const news = message as RelayNews;
    if (news.kind === 'joined' || news.kind === 'left' || news.kind === 'refused') return hear(news);
    waiting.get(news.id)?.(news);
    waiting.delete(news.id);
  });
  const ask = (id: string, order: RelayOrder): Promise<RelayNews | null> =>
    new Promise((resolve) => {
      if (!child.connected) return resolve(null);
      waiting.set(id, resolve);
      child.send(order, () => undefined);
    });
  const kill = (): void => void child.kill('SIGKILL');
  const within = async (work: Promise<unknown>): Promise<void> => {
    const late = setTimeout(kill, PATIENCE_MS);
    await work;
    clearTimeout(late);
  };
  return {
    get pid() {
      return child.pid;
    },
    open: async (share) => {
      const news = await ask(share.id, { kind: 'open', share });
      if (news?.kind === 'opened') return null;
      return news?.kind === 'failed' ? news.why : 'its process ended';
    },
    close: (id, because) => within(ask(id, { kind: 'close', id, because })),
    ended,
    end: () => {
      if (child.connected) child.disconnect();
      return within(ended);
    },
  };
};
