import type { AppEvent } from '../index.ts';
import { reduceAll } from '../index.ts';
import { encodeGroup, type Group } from './line.ts';
import type { Tip } from './recover.ts';
import type { SegmentWriter } from './writer.ts';

export type Ledger = {
  /** The state as of the last durable event. */
  readonly tip: Tip;
  /** Numbers the groups, writes them and, when they are on the disk, folds them: in this order, one call at a time. */
  flush(groups: readonly Group[]): Promise<readonly (readonly AppEvent[])[]>;
};

/** The journal's end together with the state that it leads to. */
export const makeLedger = (
  writer: SegmentWriter,
  first: Tip,
  options: {
    readonly now: () => string;
    readonly rotated: () => void;
    /** Throws where somebody else may write by now. */
    readonly assertOurs: () => void;
    /** Hears of the last event that is on the disk, before it is acknowledged. */
    readonly durable: (seq: number) => void;
  },
): Ledger => {
  let tip = first;
  return {
    get tip() {
      return tip;
    },
    flush: async (groups) => {
      options.assertOurs();
      let position = { seq: tip.state.seq, crc: tip.crc };
      if (writer.full(position.seq)) {
        await writer.rotate(position);
        options.rotated();
      }
      const encoded = groups.map((group) => {
        const one = encodeGroup(group, position, options.now());
        position = one.position;
        return one;
      });
      await writer.write(encoded.map(({ text }) => text).join(''));
      options.durable(position.seq);
      const events = encoded.map((one) => one.events);
      // State and checksum move in one step: whoever writes a projection, whenever, gets two that belong together.
      tip = { state: reduceAll(tip.state, events.flat()), crc: position.crc };
      return events;
    },
  };
};
