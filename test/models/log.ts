import type { ServerResponse } from 'node:http';
import { type Answer, type Message, position, said } from './script.ts';

/** How a call ended: with words, with the wish to use a tool, with an error, or cut by one of the two sides. */
type Outcome = 'final' | 'tool' | 'error' | 'dropped' | 'aborted';

/**
 * A call that a model got: the whole prompt as it arrived, and whether it was the agent's or one beside it. Times are in
 * milliseconds since 1970; `ended` and `outcome` are null while it is answered.
 */
export type Call = {
  readonly kind: 'main' | 'side';
  readonly prompt: string;
  readonly step: number;
  /** Word for word what was new in it from a person's side: several texts where several prompts were waiting. */
  readonly said: readonly string[];
  readonly began: number;
  readonly ended: number | null;
  readonly outcome: Outcome | null;
  /** The tool that its answer asked for. */
  readonly tool: string | null;
};

/** Writes down a call as it comes, how it is answered and when that ended; `planned` says what it is answered. */
export const logCall = (calls: Call[], messages: readonly Message[], side: boolean) => {
  const { prompt, step } = position(messages);
  const at =
    calls.push({
      ...{ kind: side ? 'side' : 'main', prompt, step, said: said(messages) },
      ...{ began: Date.now(), ended: null, outcome: null, tool: null },
    }) - 1;
  return {
    prompt,
    step,
    planned: (answer: Answer, response: ServerResponse): void => {
      const own: Outcome = answer.error ? 'error' : answer.drop ? 'dropped' : answer.tool ? 'tool' : 'final';
      calls[at] = { ...calls[at]!, tool: answer.tool?.name ?? null };
      response.once('close', () => {
        const outcome = response.writableFinished || answer.drop ? own : 'aborted';
        calls[at] = { ...calls[at]!, ended: Date.now(), outcome };
      });
    },
  };
};
