import { valuesOf } from '../../lib/records.ts';
import { allOrFirstFailure } from '../../lib/settled.ts';
import type { State } from '../../state/index.ts';
import { sessionOfAlert } from '../actions/end-session-of.ts';
import { recordEndedLeft } from '../actions/left-behind.ts';
import { repeatRounds, type Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

const LOOK_MS = 60_000;

/** The alerts that tell that something of a person goes on in a session of a machine, with the name of that. */
const toldOn = ({ alerts }: State, host: string, isHome: boolean) =>
  valuesOf(alerts).flatMap(({ id }) => {
    const told = sessionOfAlert(id);
    return told && (told.host ?? (isHome ? host : undefined)) === host ? [{ id, name: told.name }] : [];
  });

/**
 * Puts away what is told of sessions in which something of a person went on, once these are there no more. A machine that cannot be
 * asked may have its own, which holds up no other.
 */
const recordEndedSessions = async (services: DaemonServices): Promise<void> => {
  const { home, store, targets } = services;
  await allOrFirstFailure(
    targets.map(async ({ host, tmux }) => {
      const told = toldOn(store.state, host, host === home.host);
      if (told.length === 0) return;
      const there = new Set(await tmux.sessionNames());
      const over = told.filter(({ name }) => !there.has(name));
      await services.decide((state) =>
        over.flatMap(({ id }) => clearAlertFacts(state, id, 'that session is there no more')),
      );
    }),
  );
};

/** Looks once a minute, as long as anything is told, whether it is over: a person may leave it for days. */
export const watchEndedSessions = (services: DaemonServices, everyMs = LOOK_MS): Service => {
  const { log, signal } = services;
  const capabilities = ['find that sessions of yours, and programs that agents left, have ended'];
  const complaint = 'looking for the end of what is told of failed';
  return repeatRounds({ name: 'ended-session-watch', capabilities, complaint, everyMs, log, signal }, async () => {
    await allOrFirstFailure([recordEndedLeft(services), recordEndedSessions(services)]);
  });
};
