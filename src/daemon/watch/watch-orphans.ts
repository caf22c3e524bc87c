import { oneLine } from '../../lib/text.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { repeatRounds, type Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

const LOOK_MS = 60_000;

/** The alert that names sessions with the mark of this repository that no record knows; nothing when it is raised already. */
const orphanFacts = (state: State, sessions: readonly string[]): EventDraft[] => {
  const known = state.alerts['orphans'];
  if (sessions.length === 0) return clearAlertFacts(state, 'orphans', 'they are gone');
  const [noun, belongs] = sessions.length === 1 ? ['session is', 'belongs'] : ['sessions are', 'belong'];
  const names = sessions.map(oneLine).join(', ');
  const text = `${sessions.length} tmux ${noun} marked as agents of this repository and ${belongs} to no instance: ${names}`;
  if (known?.text === text) return [];
  const data = {
    id: 'orphans',
    severity: 'warning',
    text,
    suggestion: 'clean sessions',
    instance: null,
    task: null,
  } as const;
  return [{ type: 'alert.raised', data }];
};

/** Looks once for orphans: a session has its record before it exists and until it is gone, so one without is left over. */
export const lookForOrphans = async (services: DaemonServices): Promise<void> => {
  const prefix = `${services.paths.key}/`;
  const before = services.store.state.instances;
  const seen = (await Promise.all(services.targets.map(({ tmux }) => tmux.sessions(prefix)))).flat();
  const orphans = ({ instances }: State): string[] =>
    seen
      .map(({ session, droverId }) => ({ session, id: droverId.slice(prefix.length) }))
      .filter(({ id }) => !Object.hasOwn(before, id) && !Object.hasOwn(instances, id))
      .map(({ session }) => session);
  const facts = (state: State): EventDraft[] => orphanFacts(state, orphans(state));
  if (facts(services.store.state).length > 0) await services.decide(facts);
};

/** Looks for orphans at the start and once a minute, until the daemon ends. */
export const watchOrphans = (services: DaemonServices, everyMs = LOOK_MS): Service => {
  const { log, signal } = services;
  const capabilities = ['find sessions of ours that no instance has'];
  const complaint = 'looking for sessions failed';
  return repeatRounds({ name: 'orphan-watch', capabilities, complaint, everyMs, log, signal }, () =>
    lookForOrphans(services),
  );
};
