import type { Random } from '../../state/store/simulation/random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** At which of its effects a daemon dies: before it, in the middle of it or right behind it; `power`: its machine does. */
export type Fate = {
  readonly at: number;
  readonly how: 'before' | 'half' | 'after';
  readonly kind: 'kill' | 'power';
};

/** What a daemon that has died is given: nothing of it goes on. */
const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** Every share of the calls that take a while, and how long at most, in milliseconds of the simulated world. */
const SLOW = 0.2;
const SLOW_MS = 40;

/** One life of a daemon: all that it does outside of itself goes through here, counted, and ends where it dies. */
export type Life = {
  readonly isOver: () => boolean;
  readonly effects: () => number;
  /** An effect; `half` is what is left of it where the daemon dies in the middle. */
  readonly act: <T>(name: string, work: () => T | Promise<T>, half?: () => void) => Promise<T>;
  /** The same for what takes no time: a call that cannot be waited for. */
  readonly actNow: <T>(name: string, work: () => T) => T;
  /** Ends it from outside. */
  readonly end: () => void;
  readonly signal: AbortSignal;
  /** Lets go of what a dead one still waits for: Node keeps whoever listens to several signals at once until one of them aborts. */
  readonly bury: () => void;
};

/** What is thrown where nothing can be awaited: whoever is dead does not go on. */
class Dead extends Error {}

type Birth = {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly fate: Fate | undefined;
  readonly trace: (line: string) => void;
};

export const beginLife = ({ time, random, fate, trace }: Birth): Life => {
  const grave = new AbortController();
  let effects = 0;
  let isOver = false;
  const begin = (name: string): boolean => {
    effects += 1;
    trace(`${effects} ${name}`);
    return effects === fate?.at;
  };
  const die = (): void => {
    trace(`${fate!.kind} ${fate!.how}`);
    isOver = true;
  };
  return {
    isOver: () => isOver,
    effects: () => effects,
    act: async (name, work, half) => {
      if (isOver) return never();
      const isLast = begin(name);
      if (isLast && fate?.how !== 'after') {
        if (fate?.how === 'half') half?.();
        die();
        return never();
      }
      if (random.chance(SLOW)) await time.pause(1 + random.below(SLOW_MS));
      if (isOver) return never();
      const done = work();
      if (isLast) {
        die();
        // What failed for want of a daemon is nobody's failure.
        void Promise.resolve(done).catch(() => undefined);
        return never();
      }
      const given = await done;
      return isOver ? never() : given;
    },
    actNow: (name, work) => {
      if (isOver) throw new Dead();
      const isLast = begin(name);
      if (isLast && fate?.how !== 'after') {
        die();
        throw new Dead();
      }
      const done = work();
      if (!isLast) return done;
      die();
      throw new Dead();
    },
    end: () => {
      isOver = true;
    },
    signal: grave.signal,
    bury: () => {
      isOver = true;
      grave.abort();
    },
  };
};
