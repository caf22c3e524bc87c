import { asSentence, messageOf } from '../../lib/errors.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { settingAt, type Withheld } from '../../state/setting-layers.ts';
import { withheldSentence } from '../../text/trust-rows.ts';
import { type Mistake, mistakeSentence } from '../config/config.ts';
import type { Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

const ALERT = 'config:broken';
const UNTRUSTED = 'config:untrusted';
const OUTDATED = 'config:outdated';

const shown = (value: unknown): string => JSON.stringify(value ?? null);

/** What is off until somebody trusts it, said once. */
const untrustedFacts = (state: State, file: string, withheld: Withheld): EventDraft[] => {
  const text = withheldSentence(file, withheld);
  if (state.alerts[UNTRUSTED]?.text === text) return [];
  const about = { suggestion: 'trust config', instance: null, task: null };
  return [{ type: 'alert.raised', data: { id: UNTRUSTED, severity: 'warning', text, ...about } }];
};

/** What a former version took of the settings, so that the default holds, said once. */
export const outdatedFacts = (state: State, found: readonly Mistake[]): EventDraft[] => {
  if (found.length === 0) return clearAlertFacts(state, OUTDATED, 'the settings say nothing of that kind any more');
  const text = found.map(mistakeSentence).join(' ');
  if (state.alerts[OUTDATED]?.text === text) return [];
  const about = { suggestion: 'list config', instance: null, task: null };
  return [{ type: 'alert.raised', data: { id: OUTDATED, severity: 'warning', text, ...about } }];
};

/** Follows the files of settings: a change is told in the log, a broken file as an alert until it is mended. */
export const watchSettings = (services: DaemonServices, changed: () => void): Service => {
  const { config, decide, log, signal, store } = services;
  let failure: string | null = null;
  const logProblem = (error: unknown): void => {
    if (!signal.aborted) log(`settings: ${messageOf(error)}`);
  };
  const mended = () => decide((state) => clearAlertFacts(state, ALERT, 'the settings can be read again'));
  // An alert of an earlier daemon: this one could read the settings.
  if (store.state.alerts[ALERT]) void mended().catch(logProblem);
  const done = config
    .follow(
      {
        changed: (keys) => {
          for (const key of keys) log(`settings: ${key} is now ${shown(settingAt(config.settings, key))}`);
          changed();
        },
        withheld: (what) => {
          if (what) log(`settings: ${withheldSentence(config.file, what)}`);
          void decide((state) =>
            what
              ? untrustedFacts(state, config.file, what)
              : clearAlertFacts(state, UNTRUSTED, 'all that the file says holds'),
          ).catch(logProblem);
        },
        outdated: (found) => {
          for (const one of found) log(`settings: ${mistakeSentence(one)}`);
          void decide((state) => outdatedFacts(state, found)).catch(logProblem);
        },
        broken: (why) => {
          if (!why) {
            log('settings: they can be read again');
            void mended().catch(logProblem);
            return;
          }
          const text = `${asSentence(why.message)} The settings before hold until it is corrected. ${why.hint}`;
          log(`settings: ${text}`);
          const about = { suggestion: 'list config', instance: null, task: null };
          void decide(() => [{ type: 'alert.raised', data: { id: ALERT, severity: 'warning', text, ...about } }]).catch(
            logProblem,
          );
        },
      },
      signal,
    )
    .catch((error: unknown) => {
      failure = messageOf(error);
      logProblem(error);
    });
  return {
    name: 'settings-watch',
    capabilities: ['follow what people write into the files'],
    health: () => {
      const why = failure && `The files are followed no more: ${asSentence(failure)}`;
      return { state: failure === null ? 'ok' : 'failed', why, indicators: {} };
    },
    done,
  };
};
