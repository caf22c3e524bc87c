import { pickedEnv } from '../../agents/launch-script.ts';
import { allowedMode, type LaunchMode, launchModeOf } from '../../state/modes.ts';
import { rootRefused } from '../errors.ts';
import type { World } from '../services.ts';

type Start = { readonly agent: string; readonly mode: string | null };

/** Refuses as root what the program would refuse, before anything is ended for it. */
const checkRoot = (world: World, agent: string, mode: LaunchMode | undefined): void => {
  const adapter = world.adapterFor(agent);
  const variable = adapter.rootNeeds?.(mode);
  if (variable === undefined || process.getuid?.() !== 0) return;
  const set = { ...pickedEnv(world.env, adapter.passEnv), ...world.settings.agents[agent]?.env };
  if (!set[variable]) throw rootRefused({ agent, mode: mode?.name ?? 'any', variable });
};

/**
 * How the program of an agent is started in a mode; undefined for none. Throws when there is no such mode, when this
 * repository does not allow it any more, or when the program would not start in it.
 */
export const startMode = (world: World, { agent, mode: name }: Start): LaunchMode | undefined => {
  const mode = name === null ? undefined : launchModeOf(allowedMode(name, world.settings), agent);
  checkRoot(world, agent, mode);
  return mode;
};
