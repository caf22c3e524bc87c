import { asSentence } from '../../lib/errors.ts';
import type { Target } from '../../ports/target.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive, moved } from '../../state/moves.ts';
import { type DaemonServices, instancesOn } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { type Before, restoredFacts } from './restored-facts.ts';

/** How long tmux may be silent before what was known of its panes counts as unknown, in milliseconds. */
const BLIND_MS = 5000;

const NOT_SEEN = 'not seen';

const alertId = ({ host }: Target): string => `unseen:${host}`;

/** The alert about agents that cannot be seen, said once. */
const unseenFacts = (state: State, target: Target, why: string): EventDraft[] => {
  const id = alertId(target);
  if (state.alerts[id]) return [];
  const text = `the agents cannot be seen: ${asSentence(why)} They go on, and what is to be done in their terminals waits for it. See whether "tmux ls" answers; a server that hangs for good has to be ended`;
  const about = { suggestion: null, instance: null, task: null };
  return [{ type: 'alert.raised', data: { id, severity: 'warning', text, ...about } }];
};

const isUnseen = ({ state }: Instance): boolean =>
  state.kind === 'unknown' && (state.evidence ?? '').startsWith(NOT_SEEN);

/**
 * Records whether the tmux of a machine answers. While it does not, at the start at once and later after a while, the state
 * of its instances is unknown, because nothing confirms it; each is what it was again when its pane has been seen.
 */
export const makeTmuxVisibility = (services: DaemonServices, target: Target) => {
  const before = new Map<string, Before>();
  let lastSeen: number | undefined;
  return {
    noteUnseen: async (why: string): Promise<void> => {
      // It may have been seen by a clock that was set back since.
      if (lastSeen !== undefined && Math.abs(Date.parse(services.now()) - lastSeen) < BLIND_MS) return;
      await services.decide((state) => [
        ...unseenFacts(state, target, why),
        ...instancesOn(target, state).flatMap((one): EventDraft[] => {
          const { instance_id: id, state: mark, hold, question, requests } = one;
          // That an instance is frozen is known without tmux: the daemon has frozen it.
          if (!isAlive(mark.kind) || mark.kind === 'unknown' || hold !== null || one.pane === null) return [];
          before.set(id, { mark, question, ...(requests ? { requests } : {}) });
          return moved(state, id, { state: 'unknown', source: 'drover', evidence: `${NOT_SEEN}: ${why}` });
        }),
      ]);
    },
    noteSeen: async (): Promise<void> => {
      lastSeen = Date.parse(services.now());
      const facts = (state: State): EventDraft[] => [
        ...clearAlertFacts(state, alertId(target), 'they are seen again'),
        ...instancesOn(target, state).flatMap((one) =>
          isUnseen(one) ? restoredFacts(state, one, before.get(one.instance_id)) : [],
        ),
      ];
      if (facts(services.store.state).length > 0) await services.decide(facts);
      before.clear();
    },
  };
};
