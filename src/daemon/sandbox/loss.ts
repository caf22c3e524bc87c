import type { AgentAdapter } from '../../agents/adapter.ts';
import { pickedEnv } from '../../agents/launch-script.ts';
import { contentIn, isOn } from '../../agents/login.ts';
import type { Target } from '../../ports/target.ts';
import type { DaemonServices } from '../services.ts';
import { placeIn } from './own-env.ts';

/**
 * What an agent loses in a home of its own, and the command by which its person gets a login that can be copied; `endsLogin`: its
 * person would lose the login, too.
 */
export type Loss = { readonly why: string; readonly repair?: string; readonly endsLogin?: boolean };

/**
 * Why an agent for which nobody asked for a sandbox has none: its home would lack what nobody knows of or brings there, or a
 * copy of its login would end that of its person. Null when there is no such reason.
 */
export const lossOf = async (
  { settings }: Pick<DaemonServices, 'settings'>,
  { env, files }: Pick<Target, 'env' | 'files'>,
  { agent, broughtIn, login, passEnv }: AgentAdapter,
): Promise<Loss | null> => {
  if (!broughtIn) return { why: `what ${agent} needs in a home of its own is not known` };
  const own = settings.agents[agent]?.env ?? {};
  const moved = placeIn(own);
  if (moved !== undefined) return { why: `agents.${agent}.env sets ${moved}, so that its files are elsewhere` };
  const seen = { ...pickedEnv(env, passEnv), ...own };
  const kept = login?.keptByOthers?.find((name) => isOn(seen[name]));
  if (kept !== undefined) return { why: `with ${kept} its keys are in your home, which it would not see` };
  for (const path of login?.files(env) ?? []) {
    const text = await files.readText(path);
    if (text === null) continue;
    const content = contentIn(text);
    if (login?.endsByCopies?.(content, seen)) {
      const { words = 'one that lasts', command } = login.lasting ?? {};
      const why = `the login in ${path} renews itself, and a copy of it would end it: have ${words}`;
      return { why, repair: command ?? login.repair, endsLogin: true };
    }
    const said = login?.read({ file: path, content });
    if (said?.kind === 'unknown') return { why: said.why };
  }
  return null;
};
