import { badParameter } from '../errors.ts';
import { requireOne } from '../selection.ts';

/** The number by which one thing of a list that is only ever added to is named, from 1 on; `what` is it in words: `an event`. */
export const numberNamed = (ids: readonly string[], noun: string, what: string): number => {
  const name = requireOne(ids, noun);
  const number = Number(name);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw badParameter({ command: `show ${noun}`, key: 'id', issue: `"${name}" is no number of ${what}` });
};
