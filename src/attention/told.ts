import type { Alert } from '../state/alerts.ts';
import type { State } from '../state/index.ts';
import type { Attention } from './attention.ts';
import { ASKED, type Need, needsOf } from './needs.ts';

/** What a list of alerts tells: something that needs a person, and why, or what is only to be known. */
export type Told = Alert & { readonly need: Need['kind'] | null };

/** A need without an alert has the name that its alert would have. */
export const idOf = ({ alert, kind, instance, task }: Need): string => {
  if (alert !== null) return alert;
  if (kind === 'failure') return `failed:${task}`;
  return `${kind === 'question' ? ASKED : 'instance:'}${instance}`;
};

const toldOfNeed = (need: Need, alert: Alert | undefined): Told => ({
  id: idOf(need),
  severity: alert?.severity ?? (need.kind === 'question' ? 'warning' : 'error'),
  text: need.text,
  suggestion: need.help,
  instance: need.instance,
  task: need.task,
  raised_at: need.since,
  need: need.kind,
});

/** What needs a person, the most pressing first, then what is only to be known: the same as on the screen, as alerts. */
export const toldIn = (
  { alerts }: Pick<State, 'alerts'>,
  { needs, notices }: Pick<Attention, 'needs' | 'notices'>,
): readonly Told[] => [
  ...needs.map((need) => toldOfNeed(need, need.alert === null ? undefined : alerts[need.alert])),
  ...notices.map((alert): Told => ({ ...alert, need: null })),
];

/** The same by their ids, with the alerts that tell of a need which another one tells better. */
export const toldById = (
  state: State,
  attention: Pick<Attention, 'needs' | 'notices'>,
): Readonly<Record<string, Told>> => {
  const { told } = needsOf(state);
  const others = Object.values(state.alerts).flatMap((alert): Told[] => {
    const need = attention.needs.find(({ key }) => key === told.get(alert.id));
    return need ? [{ ...alert, suggestion: need.help, need: need.kind }] : [];
  });
  return Object.fromEntries([...others, ...toldIn(state, attention)].map((one) => [one.id, one]));
};

/** The alerts that are raised, each with what is proposed about it now instead of what was then. */
export const alertsNow = (state: State, attention: Pick<Attention, 'needs' | 'notices'>): readonly Alert[] => {
  const told = toldById(state, attention);
  return Object.values(state.alerts).map((alert) => ({ ...alert, suggestion: told[alert.id]?.suggestion ?? null }));
};
