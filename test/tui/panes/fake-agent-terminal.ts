import type { AgentTerminalEvents, TerminalSize, TuiOptions } from '../../../src/tui/app/options.ts';

/** An agent's terminal that a test plays: what is typed into it is kept. */
type FakeAgentTerminal = AgentTerminalEvents & {
  typed: string;
  readonly sizes: TerminalSize[];
  closed: boolean;
  /** Whether all before it were closed when it was opened. */
  readonly alone: boolean;
  print(text: string): Promise<void>;
};

/** Visits that a test looks at; `gate` holds back the next ones until it resolves, `leaving` their ends. */
export const fakeAgentTerminals = ({ gate = Promise.resolve(), leaving = Promise.resolve() } = {}) => {
  const visits: FakeAgentTerminal[] = [];
  const visit: NonNullable<TuiOptions['openAgentTerminal']> = async (_reply, size, events) => {
    await gate;
    const one: FakeAgentTerminal = {
      ...events,
      typed: '',
      sizes: [size],
      closed: false,
      alone: visits.every(({ closed }) => closed),
      print: (text) => new Promise((resolve) => events.onData(text, resolve)),
    };
    visits.push(one);
    return {
      type: (typed) => {
        for (const event of typed) one.typed += event.raw ?? ('text' in event ? event.text : '');
      },
      resize: (next) => void one.sizes.push(next),
      close: async () => {
        await leaving;
        one.closed = true;
      },
    };
  };
  return { visits, visit };
};
