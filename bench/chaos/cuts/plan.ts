import { seededNumber } from '../../../src/rehearsal/seeded-number.ts';

/**
 * A cut: `start` so many milliseconds after a daemon was asked for, while it reads and repairs what the last cut left; `work`
 * so many after clients and agents went on.
 */
export type Cut = { readonly step: number; readonly moment: 'start' | 'work'; readonly after_ms: number };

const START_SHARE = 0.2;
/** How long it may take until the cut, at most, in milliseconds. */
const LONGEST = { start: 900, work: 5000 } as const;

/** The cuts of a seed, one after the other and without end. */
export function* cutsOf(seed: number): Generator<Cut> {
  for (let step = 1; ; step += 1) {
    const roll = (what: string) => seededNumber('cut', String(seed), String(step), what);
    // The first finds nothing that is to be repaired.
    const moment = step > 1 && roll('moment') < START_SHARE ? 'start' : 'work';
    yield { step, moment, after_ms: Math.round(roll('after') * LONGEST[moment]) };
  }
}
