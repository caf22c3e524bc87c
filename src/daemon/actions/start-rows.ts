/** After so many starts in a row that failed no further program of the agent is started. */
export const MOST_FAILED = 3;
/** How long none is started then unless somebody wants it, in milliseconds: twice as long each further time, up to the second. */
const REST_MS = 60_000;
const LONGEST_REST_MS = 300_000;

/** How the starts of an agent went lately. */
type Row = { failed: number; rests: number; until: number; why: string };

/** Why a program is not started: those before it failed, and for how many milliseconds more that is waited for. */
export type HeldBack = { readonly why: string; readonly restMs: number };

/** Knows how the starts of each agent went, by a clock that only goes on, and when a further one is of no use. */
export const makeStartRows = (steady: () => number) => {
  const rows = new Map<string, Row>();
  return {
    heldBack: (agent: string): HeldBack | undefined => {
      const row = rows.get(agent);
      const restMs = (row?.until ?? 0) - steady();
      return row && restMs > 0 ? { why: row.why, restMs } : undefined;
    },
    /** Whether this one was too much; what had been begun before the others were held back is not counted. */
    noteFailed: (agent: string, why: string): boolean => {
      const row = rows.get(agent) ?? { failed: 0, rests: 0, until: 0, why };
      rows.set(agent, row);
      row.failed += 1;
      row.why = why;
      if (row.failed < MOST_FAILED || row.until > steady()) return false;
      row.until = steady() + Math.min(LONGEST_REST_MS, REST_MS * 2 ** row.rests);
      row.rests += 1;
      return true;
    },
    forget: (agent: string): void => void rows.delete(agent),
  };
};
export type StartRows = ReturnType<typeof makeStartRows>;
