import type { AgentAdapter } from '../../agents/adapter.ts';
import { pickedEnv } from '../../agents/launch-script.ts';
import { contentIn } from '../../agents/login.ts';
import type { Target } from '../../ports/target.ts';
import type { DaemonServices } from '../services.ts';

/**
 * Why an agent for which nobody asked for a sandbox has none: its home would lack what nobody knows of, or a copy of its login
 * would end that of its person. Null when there is no such reason.
 */
export const lossOf = async (
  { settings }: Pick<DaemonServices, 'settings'>,
  { env, files }: Pick<Target, 'env' | 'files'>,
  { agent, broughtIn, login, passEnv }: AgentAdapter,
): Promise<string | null> => {
  if (!broughtIn) return `what ${agent} needs in a home of its own is not known`;
  const seen = { ...pickedEnv(env, passEnv), ...settings.agents[agent]?.env };
  for (const path of login?.files(env) ?? []) {
    const content = contentIn((await files.readText(path)) ?? '');
    if (login?.endsByCopies?.(content, seen))
      return `the login in ${path} renews itself, and a copy of it would end it: have ${login.lasting ?? 'one that lasts'}`;
  }
  return null;
};
