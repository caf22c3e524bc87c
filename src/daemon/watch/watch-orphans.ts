import { setTimeout as pause } from 'node:timers/promises';
import { oneLine } from '../../lib/text.ts';
import type { Draft, State } from '../../state/index.ts';
import type { World } from '../services.ts';
import { troubleOver } from '../signals/trouble.ts';

const LOOK_MS = 60_000;

/** The alert that names sessions with our mark that no record knows; nothing when it stands there already. */
const factsAbout = (state: State, sessions: readonly string[]): Draft[] => {
  const known = state.alerts['orphans'];
  if (sessions.length === 0) return troubleOver(state, 'orphans', 'they are gone');
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

/** One look. A session has its record before it exists and until it is gone, so one without is left over. */
export const lookForOrphans = async (world: World): Promise<void> => {
  const prefix = `${world.paths.key}/`;
  const before = world.store.state.instances;
  const seen = await world.tmux.sessions(prefix);
  const orphans = ({ instances }: State): string[] =>
    seen
      .map(({ session, droverId }) => ({ session, id: droverId.slice(prefix.length) }))
      .filter(({ id }) => !Object.hasOwn(before, id) && !Object.hasOwn(instances, id))
      .map(({ session }) => session);
  const facts = (state: State): Draft[] => factsAbout(state, orphans(state));
  if (facts(world.store.state).length > 0) await world.decide(facts);
};

/** Looks at the start and once a minute, until the daemon ends. */
export const watchOrphans = async (world: World, everyMs = LOOK_MS): Promise<void> => {
  while (!world.signal.aborted) {
    await lookForOrphans(world).catch((error: unknown) => {
      if (!world.signal.aborted)
        world.log(`looking for sessions failed: ${error instanceof Error ? error.message : error}`);
    });
    await pause(everyMs, undefined, { signal: world.signal, ref: false }).catch(() => undefined);
  }
};
