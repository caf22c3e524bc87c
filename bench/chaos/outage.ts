/** The longest time that an outage of 95 in 100 may take, in milliseconds. */
export const OUTAGE_GOAL_MS = 1000;

/** Whether clients had no answer for longer than they may; without any outage that was measured there is none. */
export const isMissed = (outage: { readonly p95: number } | null | undefined): boolean =>
  outage != null && outage.p95 > OUTAGE_GOAL_MS;
