import type { Hint } from '../../../src/ports/hint.ts';
import { ApiError } from './api.ts';
import { oneAtATime } from './one-at-a-time.ts';

/** A line, and the number of the state as of which it is foretold. */
type Asked = { readonly line: string; readonly seq: number };

type Options = {
  readonly ask: (line: string) => Promise<Hint>;
  readonly onAnswer: () => void;
};

/** What the server foretells of the line that is typed. Of several that are typed meanwhile the last one alone is asked about. */
export const openForecasts = ({ ask, onAnswer }: Options) => {
  let wanted: Asked = { line: '', seq: -1 };
  let known: (Asked & { readonly hint: Hint }) | undefined;
  const renew = oneAtATime(async () => {
    const asked = wanted;
    try {
      known = { ...asked, hint: await ask(asked.line) };
      onAnswer();
    } catch (error) {
      // That the server does not answer is told elsewhere; what the words alone tell stays.
      if (!(error instanceof ApiError)) throw error;
    }
    return false;
  });
  return {
    /** Has it foretold what a line would do as of a state of the swarm, which changes that. */
    want: (line: string, seq: number): void => {
      wanted = { line, seq };
      if (known?.line !== line || known.seq !== seq) void renew();
    },
    /** What is foretold of a line; undefined before that is known. */
    of: (line: string): Hint | undefined => (known?.line === line ? known.hint : undefined),
  };
};

export type Forecasts = ReturnType<typeof openForecasts>;
