import type { Alert, Alerts } from '../../state/alerts.ts';

/** Sorts alerts: the gravest first, among equally grave ones the latest. */
export const sortByUrgency = (alerts: readonly Alert[]): readonly Alert[] =>
  alerts.toSorted((a, b) => RANK[a.severity] - RANK[b.severity] || b.raised_at.localeCompare(a.raised_at));

/** The alert that a person should see first: one about the selected agent, else the most urgent one. */
export const mostPressingAlert = (alerts: Alerts, selected: string | null): Alert | undefined => {
  const urgent = sortByUrgency(Object.values(alerts));
  return urgent.find(({ instance }) => instance !== null && instance === selected) ?? urgent[0];
};

const RANK = { error: 0, warning: 1, info: 2 } as const;
