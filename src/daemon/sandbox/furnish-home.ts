import type { AgentAdapter } from '../../agents/adapter.ts';
import { isAtOrBelow } from '../../lib/below.ts';
import { messageOf } from '../../lib/errors.ts';
import { someOf } from '../../lib/names.ts';
import { sandboxOf } from '../../lib/paths.ts';
import { shellQuote } from '../../lib/text.ts';
import type { NotGiven, Target } from '../../ports/target.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

/** What a home did not get; `named` is how a setting names it that shows it there, null where none is to. */
export type LeftOut = { readonly path: string; readonly named: string | null; readonly why: string };

/** What is as the person has it. Where the agent itself is in the way nothing more of theirs is proposed, and a login never. */
const OF_THE_PERSON: readonly NotGiven[] = ['leads-elsewhere', 'too-many'];

/** So many are named. */
const TOLD = 5;

/** The facts that tell of what the homes of an agent lack, for as long as that is so; `read` is what settings show there. */
export const leftOutFacts = (
  state: State,
  agent: string,
  { all, read }: { readonly all: readonly LeftOut[]; readonly read: readonly string[] },
): EventDraft[] => {
  const id = `home:${agent}`;
  const open = all.filter(({ named }) => named === null || !read.some((folder) => isAtOrBelow(named, folder)));
  if (open.length === 0) return clearAlertFacts(state, id, 'nothing is left out');
  const what = open.map(({ path, why }) => `${path} (${why})`);
  const text = `${agent} has not all of yours in its sandbox: ${someOf(what, TOLD)}`;
  if (state.alerts[id]?.text === text) return [];
  const names = open.flatMap(({ named }) => named ?? []);
  const value = shellQuote(JSON.stringify([...read, ...names]));
  const suggestion = names.length > 0 ? `set config sandbox.read ${value}` : 'show config sandbox';
  return [{ type: 'alert.raised', data: { id, severity: 'info', text, suggestion, instance: null, task: null } }];
};

/** A home that keeps nothing of the person's but what the adapter names; what is there already stays. */
export const furnishHome = async (
  { decide, log, settings }: Pick<DaemonServices, 'decide' | 'log' | 'settings'>,
  { files, env, paths }: Target,
  instance: Instance,
  adapter: AgentAdapter,
): Promise<void> => {
  const { home } = sandboxOf(paths, instance.instance_id);
  await files.makeFolder(home);
  const all: LeftOut[] = [];
  const logins = adapter.login?.files(env) ?? [];
  const leftOut = (path: string, into: string, { kind, why }: { kind: NotGiven; why: string }): void => {
    log(`${path} was not brought into the home of ${instance.instance_id}: ${why}`);
    const below = path === `${paths.home}/${into}` ? `~/${into}` : null;
    const isNamed = OF_THE_PERSON.includes(kind) && !logins.includes(path);
    all.push({ path: below ?? path, named: isNamed ? below : null, why });
  };
  for (const { from, into, copies } of adapter.broughtIn?.(env) ?? []) {
    if ((await files.folders(from)) === null) continue;
    try {
      const { refused } = await files.furnish({ from, to: home, into, copies: [], trees: copies, links: [] });
      for (const { path, ...why } of refused) leftOut(`${from}/${path}`, into === '' ? path : `${into}/${path}`, why);
    } catch (error) {
      leftOut(from, into, { kind: 'fault', why: messageOf(error) });
    }
  }
  await decide((state) => leftOutFacts(state, adapter.agent, { all, read: settings.sandbox.read }));
};
