import type { Reply } from '../../../src/ports/swarm.ts';
import { openQueryCache } from '../../../src/tui/tabs/query-cache.ts';
import type { Query } from '../../../src/tui/tabs/tab.ts';

type Options = {
  readonly ask: (text: string) => Promise<Reply>;
  readonly onAnswer: () => void;
};

/** Keeps the answers to all commands that are on the page now; asked by several, a command is said once. */
export const openQueryHub = ({ ask, onAnswer }: Options) => {
  const cache = openQueryCache({ ask, onAnswer, now: Date.now });
  const asked = new Map<string, { readonly query: Query; users: number }>();
  let latest = 0;
  const wantAll = (): void => {
    if (!document.hidden)
      cache.want(
        [...asked.values()].map(({ query }) => query),
        latest,
      );
  };
  document.addEventListener('visibilitychange', wantAll);
  return {
    answer: (text: string): Reply | undefined => cache.answers.get(text),
    /** The state has this number now. */
    refresh: (seq: number): void => {
      latest = seq;
      wantAll();
    },
    ask: (query: Query): (() => void) => {
      const known = asked.get(query.text);
      if (known) known.users += 1;
      else asked.set(query.text, { query, users: 1 });
      wantAll();
      return () => {
        const one = asked.get(query.text);
        if (!one) return;
        one.users -= 1;
        if (one.users === 0) asked.delete(query.text);
      };
    },
    close: (): void => {
      document.removeEventListener('visibilitychange', wantAll);
      cache.close();
    },
  };
};

export type QueryHub = ReturnType<typeof openQueryHub>;
