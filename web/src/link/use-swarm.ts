import { createContext, use, useEffect, useState, useSyncExternalStore } from 'react';
import { type Attention, attentionOf, offeredTo } from '../../../src/attention/attention.ts';
import type { Hint } from '../../../src/ports/hint.ts';
import type { Reply } from '../../../src/ports/swarm.ts';
import type { Query } from '../../../src/tui/tabs/tab.ts';
import type { Scheme } from '../model/own-colour.ts';
import type { KeyboardState } from './keyboard.ts';
import type { SwarmStore } from './swarm-store.ts';
import type { SwarmView } from './swarm-view.ts';
import { useReader } from './use-reader.ts';

/** The swarm that the page shows. */
export const SwarmContext = createContext<SwarmStore | null>(null);

export const useStore = (): SwarmStore => {
  const store = use(SwarmContext);
  if (!store) throw new Error('There is no swarm around this part of the page.');
  return store;
};

/** What is known of the swarm now; used below a page that shows only when there is something. */
export const useSwarm = (): SwarmView => {
  const store = useStore();
  const view = useSyncExternalStore(store.subscribe, () => store.view);
  if (!view) throw new Error('Nothing is known of the swarm yet.');
  return view;
};

/** What needs somebody and what can be done, as far as whoever looks may do it. */
export const useAttention = (): Attention => {
  const { state, surroundings } = useSwarm();
  return offeredTo(attentionOf(state, surroundings), useReader().maySay);
};

/** The answer to a reading command, asked again as the query says while this is shown; undefined before it is there. */
export const useAnswer = (query: Query | null): Reply | undefined => {
  const { queries, subscribe } = useStore();
  const { text, everyMs, always, once } = query ?? { text: '', everyMs: 0 };
  useEffect(() => {
    if (text === '') return undefined;
    return queries.ask({ text, everyMs, ...(always ? { always } : {}), ...(once ? { once } : {}) });
  }, [queries, text, everyMs, always, once]);
  return useSyncExternalStore(subscribe, () => (text === '' ? undefined : queries.answer(text)));
};

/**
 * What a line that is understood would do as things stand; before that is foretold, and of any other line, what its words tell.
 */
export const useForecast = (line: string, read: Hint | null): Hint | null => {
  const { forecasts, subscribe } = useStore();
  const { state } = useSwarm();
  const isUnderstood = read?.kind === 'ok';
  useEffect(() => {
    if (isUnderstood) forecasts.want(line, state.seq);
  }, [forecasts, isUnderstood, line, state.seq]);
  const foretold = useSyncExternalStore(subscribe, () => forecasts.of(line));
  return (isUnderstood && foretold) || read;
};

/** Who has the keyboard of this page. */
export const useKeyboard = (): KeyboardState => {
  const { keyboard, subscribe } = useStore();
  return useSyncExternalStore(subscribe, () => keyboard.state);
};

const SECOND = 1000;

/** The time by the server's clock, in milliseconds since 1970; it moves once a second. */
export const useNow = (): number => {
  const { ahead } = useSwarm();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => document.hidden || setNow(Date.now()), SECOND);
    return () => clearInterval(timer);
  }, []);
  return now + ahead;
};

const watchMedia = (query: string) => (listener: () => void) => {
  const media = window.matchMedia(query);
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
};

/** Whether a query about the window holds. */
export const useMedia = (query: string): boolean =>
  useSyncExternalStore(
    (listener) => watchMedia(query)(listener),
    () => window.matchMedia(query).matches,
  );

/** Light or dark, as the system is. */
export const useScheme = (): Scheme => (useMedia('(prefers-color-scheme: light)') ? 'light' : 'dark');
