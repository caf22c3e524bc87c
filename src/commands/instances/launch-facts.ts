import { saidId, saidIds } from '../../protocol/say.ts';
import { notInstalled } from '../../agents/errors.ts';
import { adapterFor, takesPlans } from '../../agents/index.ts';
import { entryOf } from '../../lib/entry.ts';
import { adviceOf, asSentence } from '../../lib/errors.ts';
import { themeOf } from '../../lib/palette.ts';
import { spoolFolderOf } from '../../lib/paths.ts';
import { DISK_LOW, MEMORY_LOW } from '../../state/alerts.ts';
import { diskLow, memoryLow } from '../../state/errors.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isPresent, presentIn } from '../../state/moves.ts';
import { sparseFolders } from '../../state/swarm-settings.ts';
import { instanceBranch, sessionName } from '../../state/names.ts';
import { plural } from '../../text/wording.ts';
import type { AgentAccess, Context, Outcome, Recording, Repository, Standing } from '../define.ts';
import { nameTaken, noBase, noSuchFolder, overLimit, worktreesInside } from '../errors.ts';
import { groupFacts } from './group-members.ts';

const nextIds = (state: State, agent: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${agent}-${(entryOf(state.swarm.next, agent) ?? 1) + i}`);

/** How many more instances may live; below zero where there are too many. */
export const placesLeft = ({ settings }: Pick<Context, 'settings'>, state: State): number =>
  settings.limits.maxInstances - presentIn(state).length;

/** Whether an instance has its place among those that may live, or there is one for it. */
export const hasPlaceFor = (context: Pick<Context, 'settings'>, state: State, { state: { kind } }: Instance): boolean =>
  isPresent(kind) || placesLeft(context, state) > 0;

/** Refuses when so many more would be too many; none more never are, however many there are. */
export const checkLimit = (context: Pick<Context, 'settings'>, state: State, wanted: number): void => {
  if (wanted <= Math.max(0, placesLeft(context, state))) return;
  throw overLimit({ wanted, limit: context.settings.limits.maxInstances, present: presentIn(state).length });
};

/** Refuses an agent that nobody knows, or whose program is not here as far as that is known. */
export const checkInstalled = ({ settings, workers }: Pick<Standing, 'settings' | 'workers'>, agent: string): void => {
  const { program, install, pretends } = adapterFor(agent, settings);
  const others = pretends === true ? undefined : workers?.();
  if (others?.includes(agent) === false) throw notInstalled({ agent, program, install, others });
};

/** Refuses to launch an agent whose program is not here, or anybody while the disk is too full or memory is short, as far as that is known. */
export const checkLaunchable = (standing: Pick<Standing, 'state' | 'settings' | 'workers'>, agent: string): void => {
  checkInstalled(standing, agent);
  const { [DISK_LOW]: disk, [MEMORY_LOW]: memory } = standing.state.alerts;
  if (disk) throw diskLow({ why: disk.text });
  if (memory) throw memoryLow({ why: memory.text });
};

/** Refuses a folder for worktrees in the checkout or in git's own folder: there they are in the way of both. */
export const checkWorktreesFolder = async ({ git, paths }: Pick<Context, 'git' | 'paths'>): Promise<void> => {
  const folder = await git.place(paths.worktrees);
  if ([paths.root, paths.commonDir].some((outer) => `${folder}/`.startsWith(`${outer}/`)))
    throw worktreesInside({ folder });
};

/** Refuses to begin at a commit that lacks one of the folders which are to be there: nobody would find out why. */
export const checkSparse = async (
  { git, settings }: Pick<Context, 'git' | 'settings'>,
  commit: string,
): Promise<void> => {
  const folders = sparseFolders(settings);
  if (folders.length === 0) return;
  const [folder] = await git.missingFolders(commit, folders);
  if (folder !== undefined) throw noSuchFolder({ folder, commit });
};

/** The commit that work starts from where nothing is integrated yet. */
export const baseCommit = async ({ git, settings }: Pick<Context, 'git' | 'settings'>): Promise<string> => {
  const { base } = settings.branches;
  const name = base ?? (await git.currentBranch()) ?? 'HEAD';
  // A tag may have the name of the branch, and git would take that first.
  const commit = (await git.resolve(`refs/heads/${name}`)) ?? (await git.resolve(name));
  if (commit === null && base !== undefined) throw noBase({ branch: base });
  return commit ?? (await git.resolve('HEAD')) ?? '';
};

/** Checks that the agent can be started and looks up in git and tmux, once, what a launch needs. */
export const prepareLaunch = async (
  context: AgentAccess & Pick<Context, 'git' | 'paths' | 'settings'>,
  agent: string,
  mode: string | null = null,
) => {
  await context.agents.assertStartable(agent, mode);
  await context.agents.assertRoom();
  await checkWorktreesFolder(context);
  const integration = await context.git.resolve(`refs/heads/${context.settings.branches.integration}`);
  const base_commit = integration ?? (await baseCommit(context));
  await checkSparse(context, base_commit);
  const { host, paths, tmux } = context.launchTarget;
  const names = new Set(await tmux.sessionNames());
  return { agent, mode, base_commit, names, host, paths, takes_plans: takesPlans(agent, context.settings) };
};

/**
 * What a launch needs. With `group` the new instances belong to it; `launch_mode` is the mode they go back to, where it
 * is another.
 */
type Prepared = Awaited<ReturnType<typeof prepareLaunch>> & {
  readonly group?: string | undefined;
  readonly launch_mode?: string | null;
};

/** The facts that bring `count` instances into being; the daemon makes worktrees and sessions for them. */
export const launchFacts = (
  context: Repository & Pick<Context, 'settings'>,
  state: State,
  prepared: Prepared,
  count: number,
): EventDraft[] => {
  checkLimit(context, state, count);
  const { group, mode, launch_mode } = prepared;
  const made = group === undefined || count === 0 ? [] : groupFacts(state, group);
  const drafts = nextIds(state, prepared.agent, count).map((instance_id, i): EventDraft => {
    const session = sessionName({ name: context.repository, key: prepared.paths.key }, instance_id);
    if (prepared.names.has(session)) throw nameTaken({ session });
    const theme = themeOf(state.swarm.next_theme + i);
    return {
      type: 'instance.created',
      data: {
        instance_id,
        agent: prepared.agent,
        host: prepared.host,
        session,
        branch_name: instanceBranch(instance_id),
        workspace_path: `${prepared.paths.worktrees}/${instance_id}`,
        source_repository: prepared.paths.root,
        base_commit: prepared.base_commit,
        peacock_theme: theme,
        visual_identifier: theme.color_name,
        communication_endpoint: spoolFolderOf(prepared.paths, instance_id),
        ...(group === undefined ? {} : { group }),
        ...(mode === null ? {} : { mode }),
        ...(launch_mode === undefined ? {} : { launch_mode }),
        ...(prepared.takes_plans ? {} : { takes_plans: false }),
      },
    };
  });
  return [...made, ...drafts];
};

/** Whether an instance is being created, started or stopped. Slow starts time out on their own. */
export const isChanging = ({ state }: Instance): boolean => ['creating', 'starting', 'stopping'].includes(state.kind);

/** Waits until none of the instances is being created, started or stopped; resolves with the state then. */
export const untilSettled = (context: Recording, ids: readonly string[]): Promise<State> =>
  context.store.until(
    ({ instances }) => ids.every((id) => !instances[id] || !isChanging(instances[id])),
    context.signal,
  );

/** Why an agent cannot be started here, and what helps; undefined where it can. */
const unstartableText = async (
  { agents }: Pick<Context, 'agents'>,
  agent: string,
  mode: string | null,
): Promise<string | undefined> =>
  agents.assertStartable(agent, mode).then(
    () => undefined,
    (error: unknown) => adviceOf(error),
  );

/** What is to be known before so many instances are launched: that they cannot be, or what they will ask. */
export const launchNotice = async (
  context: Pick<Context, 'agents' | 'store'>,
  { agent, mode, count }: { readonly agent: string; readonly mode: string | null; readonly count: number },
): Promise<string | undefined> =>
  (await unstartableText(context, agent, mode)) ?? (await firstQuestionText(context, agent, count));

/** What so many new instances of an agent will ask before they begin, and the one command that answers all of them. */
const firstQuestionText = async (
  { agents, store }: Pick<Context, 'agents' | 'store'>,
  agent: string,
  count: number,
): Promise<string | undefined> => {
  const question = await agents.firstQuestion(agent);
  if (question === null) return undefined;
  const who = `${plural(count, 'agent')} will`;
  if (question === 'greeting')
    return `${who} not begin: ${agent} greets whoever has never started it. Start it once by hand before.`;
  const ids = saidIds(nextIds(store.state, agent, count));
  return `${who} ask at the start whether you trust this repository. To say yes to all: approve ${ids}`;
};

/** What new instances ask before they begin, as many folders or accounts are trusted, and the one command that answers it. */
const askingText = ({ alerts }: State, instances: readonly Instance[]): string => {
  const asking = instances.filter(({ state }) => state.kind === 'waiting');
  const [first] = asking;
  if (!first) return '';
  const ids = asking.map((one) => one.instance_id);
  const isAnswerable = asking.every(({ instance_id: id }) =>
    /^(?:answer|approve) /u.test(alerts[`waiting:${id}`]?.suggestion ?? ''),
  );
  const help = isAnswerable ? `To say yes: approve ${saidIds(ids)}` : `Look at it: attach ${saidId(ids[0]!)}`;
  const [verb, begin] = ids.length === 1 ? ['asks', 'it begins'] : ['ask', 'they begin'];
  return ` ${ids.join(', ')} ${verb} before ${begin}: ${first.question ?? 'look at the terminal'} ${help}`;
};

/** Why an instance that was to be started is not; undefined where it is. */
const notStarted = (one: Instance | undefined): string | undefined => {
  if (!one) return 'it was removed meanwhile';
  const { kind, source, evidence } = one.state;
  if (kind === 'stopped' && source === 'drover') return 'it was stopped meanwhile';
  return kind === 'failed' || kind === 'lost' ? (evidence ?? 'failed') : undefined;
};

/** The answer about instances that were started: what each has now, and which did not start and why. */
export const startOutcome = (state: State, ids: readonly string[], message: string): Outcome => {
  const instances = ids.flatMap((id) => state.instances[id] ?? []);
  const sideEffects = instances.flatMap((one) => [
    `worktree ${one.workspace_path}`,
    `branch ${one.branch_name}`,
    `session ${one.session}`,
  ]);
  const failed = ids.flatMap((id) => {
    const why = notStarted(state.instances[id]);
    return why === undefined ? [] : [`${id}: ${why}`];
  });
  if (failed.length === 0)
    return { message: `${message}${askingText(state, instances)}`, data: instances, sideEffects };
  return {
    message: asSentence(`${plural(failed.length, 'instance')} did not start: ${failed.join('; ')}`),
    data: instances,
    sideEffects,
    exit: 1,
  };
};
