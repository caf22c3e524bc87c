import type { ResourceRow } from '../../../src/text/resource-rows.ts';

/** What an agent took at a moment, in milliseconds since 1970. */
export type UseSample = { readonly at: number; readonly cpu: number; readonly memory: number };
export type UseHistory = ReadonlyMap<string, readonly UseSample[]>;

/** Ten minutes at a look every four seconds. */
const KEPT = 150;

const sampleOf = ({ at, cpu_percent, memory_mb }: ResourceRow): UseSample => ({
  at: Date.parse(at),
  cpu: cpu_percent ?? 0,
  memory: memory_mb,
});

/** Adds what was measured; the same measurement is kept once, and agents that are gone leave nothing behind. */
export const withUses = (history: UseHistory, rows: readonly ResourceRow[]): UseHistory =>
  new Map(
    rows.map((row): [string, readonly UseSample[]] => {
      const before = history.get(row.instance_id) ?? [];
      const sample = sampleOf(row);
      return [row.instance_id, before.at(-1)?.at === sample.at ? before : [...before.slice(1 - KEPT), sample]];
    }),
  );
