import type { TerminalSize, TuiOptions, VisitEvents } from '../../src/tui/options.ts';

/** An agent's terminal that a test plays: what is typed into it is kept. */
export type FakeVisit = VisitEvents & {
  typed: string;
  readonly sizes: TerminalSize[];
  closed: boolean;
  print(text: string): Promise<void>;
};

/** Visits that a test looks at; `gate` holds back the next ones until it resolves. */
export const fakeVisits = ({ gate = Promise.resolve() }: { gate?: Promise<void> } = {}) => {
  const visits: FakeVisit[] = [];
  const visit: NonNullable<TuiOptions['visit']> = async (_reply, size, events) => {
    await gate;
    const one: FakeVisit = {
      ...events,
      typed: '',
      sizes: [size],
      closed: false,
      print: (text) => new Promise((resolve) => events.onData(text, resolve)),
    };
    visits.push(one);
    return {
      type: (typed) => {
        for (const event of typed) one.typed += event.raw ?? ('text' in event ? event.text : '');
      },
      resize: (next) => void one.sizes.push(next),
      close: async () => {
        one.closed = true;
      },
    };
  };
  return { visits, visit };
};
