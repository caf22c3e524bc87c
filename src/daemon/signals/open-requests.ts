import type { Asked, Signal, Use } from '../../agents/adapter.ts';
import { oneLine, shorten } from '../../lib/text.ts';
import type { Request } from '../../state/instances.ts';

/** What is kept of the subject of a request, in characters. */
export const SUBJECT_LENGTH = 2000;
/** Questions that are longer in JSON are not kept: they are answered by keys. */
const QUESTIONS_LENGTH = 20_000;

/** A plan that is longer in JSON is not kept: it is approved in the terminal of its agent. */
const PLAN_LENGTH = 60_000;

/** An agent waits, and says exactly what it wants to be allowed or to know. */
export type RequestSignal = Extract<Signal, { kind: 'waiting' }> & { readonly asks: Asked };

export const isRequest = (signal: Signal): signal is RequestSignal =>
  signal.kind === 'waiting' && signal.asks !== undefined;

/** Whether a request is about this use of a tool, as far as requests keep it. */
export const isAboutUse = ({ tool, subject }: Request, use: Pick<Use, 'tool' | 'subject'>): boolean =>
  tool === use.tool && subject === shorten(use.subject, SUBJECT_LENGTH);

/** What is kept of a request; `ask` is the pipe at which its hook waits, if it does. */
export const requestOf = ({ asks, question }: RequestSignal, ask: string | null): Request => {
  const questions = asks.questions?.map((one) => ({ ...one }));
  const fits = questions !== undefined && JSON.stringify(questions).length <= QUESTIONS_LENGTH;
  return {
    ask: questions !== undefined && !fits ? null : ask,
    tool: oneLine(asks.tool),
    subject: shorten(asks.subject, SUBJECT_LENGTH),
    helper: asks.helper,
    whole: asks.whole && asks.subject.length < SUBJECT_LENGTH,
    question: shorten(oneLine(question), 500),
    ...(fits ? { questions } : {}),
    ...(asks.input !== undefined && JSON.stringify(asks.input).length <= PLAN_LENGTH ? { input: asks.input } : {}),
  };
};

/** The requests of an agent that are still open after it used a tool: some may go on while one waits. */
export const stillOpen = (requests: readonly Request[], use: Use | undefined): readonly Request[] => {
  if (use === undefined) return [];
  const meant = requests.find((one) => one.helper === use.helper && isAboutUse(one, use));
  // An agent tells of a use before it asks for it.
  if (meant && !use.done) return requests;
  if (meant) return requests.filter((one) => one !== meant);
  // Of what it did before it asked it may tell late, and what its helpers do meanwhile answers nothing.
  return use.done ? requests : requests.filter(({ helper }) => helper !== use.helper);
};
