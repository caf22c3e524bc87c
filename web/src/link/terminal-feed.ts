import type { PageFrame, ServerFrame } from '../../../src/web/wire.ts';

/** Where the text of a terminal goes. */
export type TerminalSink = {
  /** The terminal begins anew with this text. */
  reset(screen: { readonly cols: number; readonly rows: number; readonly text: string }): void;
  data(text: string): void;
  /** Nothing more comes, because of this. */
  ended?(message: string): void;
};

type TerminalFrame = Extract<ServerFrame, { readonly kind: 'screen' | 'log' | 'log-ended' }>;

/** Shares the stream of each terminal among all who show it: it is asked for once, and again after each connection. */
export const openTerminalFeed = (send: (frame: PageFrame) => void) => {
  const sinks = new Map<string, Set<TerminalSink>>();
  return {
    take: (frame: TerminalFrame): void => {
      const some = sinks.get(frame.instance) ?? new Set();
      for (const sink of some)
        if (frame.kind === 'log') sink.data(frame.data);
        else if (frame.kind === 'screen') sink.reset(frame);
        else sink.ended?.(frame.message);
    },
    /** Asks for all streams again: a new connection knows none. */
    renew: (): void => {
      for (const instance of sinks.keys()) send({ kind: 'log', instance });
    },
    follow: (instance: string, sink: TerminalSink): (() => void) => {
      const some = sinks.get(instance) ?? new Set();
      some.add(sink);
      sinks.set(instance, some);
      // Who comes later needs the screen as well, so it is asked for anew.
      send({ kind: 'log', instance });
      return () => {
        some.delete(sink);
        if (some.size > 0) return;
        sinks.delete(instance);
        send({ kind: 'unlog', instance });
      };
    },
  };
};

export type TerminalFeed = ReturnType<typeof openTerminalFeed>;
