import { createInterface } from 'node:readline';
import type { Io } from '../io.ts';

/** Questions to the person at the terminal, one after the other. */
type Interview = Disposable & {
  /** The answer, or the proposal for an empty line; null when the person went away (Ctrl-C, Ctrl-D). */
  ask(question: string, proposal: string): Promise<string | null>;
};

/** Lines that were typed ahead answer the questions that come. */
export const openInterview = (io: Io): Interview => {
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  const answers = lines[Symbol.asyncIterator]();
  return {
    ask: async (question, proposal) => {
      lines.setPrompt(`${question} [${proposal}] `);
      lines.prompt();
      const { value, done } = await answers.next();
      if (done) return null;
      const answer = value.trim();
      return answer === '' ? proposal : answer;
    },
    [Symbol.dispose]: () => lines.close(),
  };
};
