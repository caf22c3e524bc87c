import { setFlagsFromString } from 'node:v8';

/** What a heap may grow by, in per cent of what lives there, before what does not is looked for; V8 lets it grow to four times as much. */
const GROWTH = 50;

/** How often free pages are given back, and how long a collection may take to come about, in milliseconds. */
const GIVE_BACK = { every: 600_000, within: 10_000 };

/**
 * Keeps the heap of a program that runs for days close to what it needs. V8 keeps the pages that its collections free, all that was
 * ever needed at once, until one that is to save memory, which it begins only where nothing is done: 70 MB of a daemon that lives on 40.
 * It is for a program that is up: while it starts most of what is new stays, and would be looked through again and again.
 */
export const keepHeapSmall = ({ every, within } = GIVE_BACK): void => {
  const giveBack = (): void => {
    setFlagsFromString('--optimize-for-size');
    setTimeout(() => setFlagsFromString('--no-optimize-for-size'), within).unref();
  };
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
  giveBack();
  setInterval(giveBack, every).unref();
};
