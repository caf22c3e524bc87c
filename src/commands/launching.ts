import { themeOf } from '../lib/palette.ts';
import type { Draft, State } from '../state/index.ts';
import { isPresent } from '../state/moves.ts';
import type { Context } from './define.ts';
import { nameTaken, overLimit } from './errors.ts';

/** The session name of an instance: what tmux would change in it is changed here, so that the name is known before. */
export const sessionName = (repository: string, instance: string): string =>
  `${repository.replace(/[.:]/gu, '_').replace(/[^\p{L}\p{N}_-]+/gu, '-')}-${instance}`;

const take = (state: State, agent: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${agent}-${(state.swarm.next[agent] ?? 1) + i}`);

/** What has to hold before instances are launched, looked up once: it takes a look at git and at tmux. */
export const prepareLaunch = async (context: Context, agent: string) => {
  context.agents.known(agent);
  const base = context.settings.branches.base ?? (await context.git.currentBranch()) ?? 'HEAD';
  const integration = await context.git.resolve(`refs/heads/${context.settings.branches.integration}`);
  const base_commit = integration ?? (await context.git.resolve(base)) ?? (await context.git.resolve('HEAD'));
  const names = new Set(await context.tmux.sessionNames());
  return { agent, base_commit: base_commit ?? '', names };
};

type Prepared = Awaited<ReturnType<typeof prepareLaunch>>;

/** The facts that bring `count` instances into being; the daemon makes worktrees and sessions for them. */
export const launchFacts = (context: Context, state: State, prepared: Prepared, count: number): Draft[] => {
  const present = Object.values(state.instances).filter((one) => isPresent(one.state.kind)).length;
  const limit = context.settings.limits.maxInstances;
  if (present + count > limit) throw overLimit({ wanted: count, limit, present });
  return take(state, prepared.agent, count).map((instance_id, i) => {
    const session = sessionName(context.repository, instance_id);
    if (prepared.names.has(session)) throw nameTaken({ session });
    const theme = themeOf(state.swarm.next_theme + i);
    return {
      type: 'instance.created',
      data: {
        instance_id,
        agent: prepared.agent,
        session,
        branch_name: `drover/${instance_id}`,
        workspace_path: `${context.paths.worktrees}/${instance_id}`,
        source_repository: context.paths.root,
        base_commit: prepared.base_commit,
        peacock_theme: theme,
        visual_identifier: theme.color_name,
        communication_endpoint: context.paths.spool,
      },
    };
  });
};

export const idsOf = (facts: readonly { type: string; data: unknown }[]): string[] =>
  facts
    .filter((fact) => fact.type === 'instance.created')
    .map((fact) => (fact.data as { instance_id: string }).instance_id);

/** Waits until none of them is on its way any more; resolves with the state then. Slow ones time out on their own. */
export const settled = (context: Context, ids: readonly string[]): Promise<State> =>
  context.store.until(
    (state) =>
      ids.every((id) => !['creating', 'starting', 'stopping'].includes(state.instances[id]?.state.kind ?? 'stopped')),
    context.signal,
  );

/** `rehearsal-1 (azure)`: how answers name instances. */
export const named = (state: State, ids: readonly string[]): string =>
  ids.map((id) => `${id} (${state.instances[id]?.peacock_theme.color_name ?? '?'})`).join(', ');

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
