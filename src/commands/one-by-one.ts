import { AppError, adviceOf } from '../lib/errors.ts';
import type { Outcome } from './define.ts';

/** What was made of several things, one after the other, and why others were refused. */
type Each<Done> = { readonly done: readonly Done[]; readonly refusals: readonly AppError[] };

/** Does something that may be refused; with the refusal, where it was. */
export const attempt = async <Done>(work: () => Promise<Done>): Promise<Done | AppError> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
};

/** Does something with each. That one is refused keeps no other from it; where nothing was done the first refusal is thrown. */
export const oneByOne = async <One, Done>(
  all: readonly One[],
  work: (one: One) => Promise<Done>,
): Promise<Each<Done>> => {
  const done: Done[] = [];
  const refusals: AppError[] = [];
  for (const one of all) {
    const made = await attempt(() => work(one));
    if (made instanceof AppError) refusals.push(made);
    else done.push(made);
  }
  if (done.length === 0 && refusals[0]) throw refusals[0];
  return { done, refusals };
};

/** The answer about what was done, with why not all was. */
export const partly = (outcome: Outcome, refusals: readonly AppError[]): Outcome =>
  refusals.length === 0
    ? outcome
    : { ...outcome, message: [outcome.message, ...refusals.map(adviceOf)].join(' '), exit: 124 };
