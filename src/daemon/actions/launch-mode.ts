import { pickedEnv } from '../../agents/launch-script.ts';
import { allowedMode, type LaunchMode, launchModeOf } from '../../state/modes.ts';
import { rootRefused } from '../errors.ts';
import type { DaemonServices } from '../services.ts';

type Start = { readonly agent: string; readonly mode: string | null; readonly host: string };

/** Refuses a start as root that the program of an agent would refuse, before anything is ended for it. */
const checkRoot = (services: DaemonServices, { agent, host }: Start, mode: LaunchMode | undefined): void => {
  const adapter = services.adapterToStart(agent);
  const variable = adapter.rootNeeds?.(mode);
  const { env, isRoot } = services.targetOf({ host });
  if (variable === undefined || !isRoot) return;
  const set = { ...pickedEnv(env, adapter.passEnv), ...services.settings.agents[agent]?.env };
  if (!set[variable]) throw rootRefused({ agent, mode: mode?.name ?? 'any', variable });
};

/**
 * How the program of an agent is started in a mode; undefined for none. Throws when there is no such mode, when this
 * repository does not allow it any more, or when the program would not start in it.
 */
export const checkedLaunchMode = (services: DaemonServices, start: Start): LaunchMode | undefined => {
  const { agent, mode: name } = start;
  const mode = name === null ? undefined : launchModeOf(allowedMode(name, services.settings), agent);
  checkRoot(services, start, mode);
  return mode;
};
