import { setTimeout as pause } from 'node:timers/promises';
import { asSentence } from '../../lib/errors.ts';
import { oneLine } from '../../lib/text.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { checkJournal, type Fault } from '../../state/store/check.ts';
import { eventsText } from '../../state/store/errors.ts';
import { repeatRounds, type Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

/** The journal is checked a while after the start, and then once a day. */
const FIRST_MS = 10_000;
const DAY_MS = 86_400_000;
/** Between two segments others have the daemon for themselves, for so many milliseconds. */
const REST_MS = 100;

const alertFact = (id: string, text: string, suggestion: string | null): EventDraft => ({
  type: 'alert.raised',
  data: { id, severity: 'error', text, suggestion, instance: null, task: null },
});

/** The alert about what was found lost when the journal was opened. */
export const lossFacts = (losses: readonly string[]): EventDraft[] =>
  losses.length === 0 ? [] : [alertFact('journal-lost', losses.map(asSentence).join(' '), 'list tasks')];

/** The alert about segments that no start reads and that are damaged; nothing where it is raised already. */
export const damageFacts = (state: State, faults: readonly Fault[]): EventDraft[] => {
  if (faults.length === 0) return clearAlertFacts(state, 'journal-damaged', 'the journal is whole');
  const each = faults.map(({ what, from, to }) => `${oneLine(what)} (${eventsText(from, to)})`);
  const text = `The journal is damaged: ${each.join('; ')}. The state is whole, but this cannot be listed; stop the daemon and run "drover doctor --fix".`;
  return state.alerts['journal-damaged']?.text === text ? [] : [alertFact('journal-damaged', text, null)];
};

/** Checks all segments once, also those that no start reads. */
const checkOnce = async ({ paths, store, decide, signal }: DaemonServices): Promise<void> => {
  const faults: Fault[] = [];
  for await (const { fault } of checkJournal(paths.journal)) {
    if (fault) faults.push(fault);
    await pause(REST_MS, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
  }
  if (damageFacts(store.state, faults).length > 0) await decide((state) => damageFacts(state, faults));
};

/** Looks for damage in the whole journal, until the daemon ends. */
export const watchJournal = (services: DaemonServices, firstMs = FIRST_MS): Service => {
  const { log, signal } = services;
  const capabilities = ['find damage in old segments of the journal'];
  const complaint = 'checking the journal failed';
  let isFirst = true;
  return repeatRounds({ name: 'journal-watch', capabilities, complaint, everyMs: DAY_MS, log, signal }, async () => {
    if (isFirst) await pause(firstMs, undefined, { signal, ref: false }).catch(() => undefined);
    isFirst = false;
    if (!signal.aborted) await checkOnce(services);
  });
};
