import { seededNumber } from '../../src/rehearsal/seeded-number.ts';

type Detail = (share: number) => number;
type Fault = { readonly cards: number; readonly details: Readonly<Record<string, Detail>> };
/** A fault that is to be injected, with the numbers that were thrown for it. */
type Injection = { readonly step: number; readonly kind: string; readonly pause_ms: number };

const between =
  (low: number, high: number): Detail =>
  (share) =>
    Math.round(low + (high - low) * share);

/**
 * The faults: how often each lies in a deck, and what else is decided of it beforehand. Nothing of it depends on how the run
 * goes: `agent` is a number from which whoever is there then is chosen.
 */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'daemon-kill': { cards: 8, details: { after_ms: between(0, 400) } },
  'client-kill': { cards: 3, details: { after_ms: between(30, 500) } },
  'lasting-kill': { cards: 2, details: { after_ms: between(400, 2500) } },
  'broker-kill': { cards: 2, details: {} },
  'agent-kill': { cards: 3, details: { agent: between(0, 99) } },
  'daemon-stop': { cards: 1, details: { for_ms: between(500, 4000) } },
  'daemon-suspend': { cards: 1, details: { for_ms: between(30_000, 35_000) } },
  'agent-stop': { cards: 1, details: { agent: between(0, 99), for_ms: between(300, 3000) } },
  'spool-damage': { cards: 2, details: { agent: between(0, 99) } },
  'disk-full': { cards: 2, details: { for_ms: between(200, 2500) } },
  'slow-disk': { cards: 2, details: { sync_ms: between(15, 800), for_ms: between(500, 3000) } },
  'clock-jump': { cards: 1, details: { by_ms: between(-3_600_000, 3_600_000), for_ms: between(500, 3000) } },
  'clock-set': { cards: 1, details: { by_ms: between(-3_600_000, 3_600_000) } },
  'tmux-kill': { cards: 1, details: {} },
  'racing-starts': { cards: 1, details: { starters: () => 20 } },
};

const deckOf = (kinds: readonly string[]): readonly string[] =>
  kinds.flatMap((kind) => Array.from({ length: FAULTS[kind]?.cards ?? 0 }, () => kind));

/** The cards in an order that the throws decide. */
const shuffled = (cards: readonly string[], roll: () => number): readonly string[] => {
  const left = [...cards];
  return cards.flatMap(() => left.splice(Math.floor(roll() * left.length), 1));
};

/**
 * The injections of a seed, one after the other and without end: the same in every run, wherever and however fast it is. They
 * are dealt from decks, so that a short run has its share of every kind.
 */
export function* planOf(seed: number, kinds: readonly string[] = Object.keys(FAULTS)): Generator<Injection> {
  let thrown = 0;
  const roll = () => {
    thrown += 1;
    return seededNumber('chaos', String(seed), String(thrown));
  };
  for (let step = 1; ; ) {
    for (const kind of shuffled(deckOf(kinds), roll)) {
      const details = Object.entries(FAULTS[kind]!.details).map(([name, value]) => [name, value(roll())]);
      yield { step, kind, pause_ms: between(100, 1200)(roll()), ...Object.fromEntries(details) };
      step += 1;
    }
  }
}

/** The first so many of them. */
export const firstOf = (seed: number, count: number, kinds?: readonly string[]): readonly Injection[] => {
  const plan = planOf(seed, kinds);
  return Array.from({ length: count }, () => plan.next().value as Injection);
};
