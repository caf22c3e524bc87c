import type { Instance } from '../../src/state/instances.ts';
import type { Task } from '../../src/state/tasks.ts';
import type { makeModel } from './model.ts';

type Finding = { readonly kind: string; readonly what: string };
type Model = Pick<ReturnType<typeof makeModel>, 'things'>;
type Fact = { readonly seq: number; readonly type: string; readonly data: object };
type Records = Readonly<Record<string, object | undefined>>;
/** As much of the state as is looked at. */
type Things = { readonly tasks: Readonly<Record<string, { priority: string } | undefined>>; readonly groups: Records };

/** What the state has of a thing of a client. */
export const foundValue = ({ kind, id }: { readonly kind: 'task' | 'group'; readonly id: string }, state: Things) =>
  kind === 'task' ? (state.tasks[id]?.priority ?? null) : state.groups[id] ? 'there' : null;

/** Findings about things of the clients that are not as they were acknowledged. */
export const checkThings = (models: readonly Model[], state: Things): readonly Finding[] =>
  models.flatMap(({ things }) =>
    [...things.values()].flatMap((thing) => {
      const { kind, id, may } = thing;
      const is = foundValue(thing, state);
      if (may.includes(is)) return [];
      const what = `${kind} ${id} is ${is ?? 'not there'}, acknowledged was ${may.map((one) => one ?? 'not there').join(' or ')}`;
      return [{ kind: 'lost', what }];
    }),
  );

const idIn = (data: { readonly task?: { readonly id: string }; readonly group_id?: string; readonly id?: string }) =>
  data.task?.id ?? data.group_id ?? data.id ?? '';

/** Findings about the journal by itself: a number that is missing or twice, and a command with two effects. */
export const checkJournal = (events: readonly Fact[]): readonly Finding[] => {
  const jumps = events
    .filter(({ seq }, at) => at > 0 && seq !== events[at - 1]!.seq + 1)
    .map(({ seq }) => ({ kind: 'journal', what: `event ${seq} does not follow the one before it` }));
  // A client has each of its things created once, so a second time is a second effect of one command.
  const created = Map.groupBy(
    events.filter(({ type }) => type === 'task.created' || type === 'group.created'),
    ({ type, data }) => `${type} ${idIn(data)}`,
  );
  const twice = [...created]
    .filter(([, all]) => all.length > 1)
    .map(([name, all]) => ({ kind: 'twice', what: `${name} is in the journal ${all.length} times` }));
  const finished = Map.groupBy(
    events.filter(({ type, data }) => type === 'command.finished' && idIn(data) !== ''),
    ({ data }) => idIn(data),
  );
  const answered = [...finished]
    .filter(([, all]) => all.length > 1)
    .map(([id, all]) => ({ kind: 'twice', what: `command ${id} was carried out ${all.length} times` }));
  return [...jumps, ...twice, ...answered];
};

/** The same text for the same fact, in whichever order its parts are. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted())
      : part,
  );

/** Findings about what clients were told while it happened: all of it must be in the journal, as they were told. */
export const checkHeard = (heard: readonly Fact[], events: readonly Fact[]): readonly Finding[] => {
  const known = new Map(events.map((event) => [event.seq, textOf(event)]));
  return heard
    .filter((event) => known.get(event.seq) !== textOf(event))
    .map(({ seq, type }) => ({
      kind: 'lost',
      what: `a client was told of event ${seq} (${type}), the journal has it not so`,
    }));
};

/** Findings about the numbered lines of an agent that prints without end: within one life of its program none is missing. */
export const checkTicks = (id: string, text: string): readonly Finding[] => {
  const last = new Map<string, number>();
  return [...text.matchAll(/tick (\d+) (\d+) end/gu)].flatMap(([, pid = '', number]) => {
    const [before, now] = [last.get(pid), Number(number)];
    last.set(pid, now);
    if (before === undefined || now === before + 1) return [];
    return [
      {
        kind: 'output',
        what: `${id} printed ${now} after ${before} (program ${pid}): lines between are not in its log`,
      },
    ];
  });
};

/** Findings about tasks that were handed to agents. */
export const checkWork = (
  ids: readonly string[],
  state: { readonly tasks: Readonly<Record<string, Task>> },
  commitsOf: (task: Task) => number,
): readonly Finding[] =>
  ids.flatMap((id) => {
    const task = state.tasks[id];
    if (!task) return [{ kind: 'lost', what: `task ${id} is not there` }];
    if (task.state !== 'done') {
      const why = task.run?.failure ? `: ${task.run.failure.class}, ${task.run.failure.message}` : '';
      return [{ kind: 'task', what: `task ${id} is ${task.state}${why}` }];
    }
    const commits = commitsOf(task);
    // An agent that was ended between its commit and its word begins once more when it is started again.
    const most = 1 + (task.run?.restarts ?? 0);
    if (commits >= 1 && commits <= most) return [];
    return [{ kind: 'task', what: `task ${id} has ${commits} commits, not ${most === 1 ? 'one' : `1 to ${most}`}` }];
  });

/** Findings about instances at the end, when all were resumed. */
export const checkInstances = (
  before: readonly Instance[],
  state: { readonly instances: Readonly<Record<string, Instance>> },
  worktreeTrouble: (instance: Instance) => string | undefined,
): readonly Finding[] =>
  before.flatMap(({ instance_id: id }) => {
    const now = state.instances[id];
    if (!now) return [{ kind: 'instance', what: `${id} is not there any more` }];
    const trouble = worktreeTrouble(now);
    if (trouble) return [{ kind: 'instance', what: `${id}: ${trouble}` }];
    return ['idle', 'working', 'waiting'].includes(now.state.kind)
      ? []
      : [{ kind: 'instance', what: `${id} is ${now.state.kind} after it was resumed` }];
  });

/** Findings about what belongs to the user: two snapshots of the same names. */
export const checkUser = (
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly Finding[] =>
  Object.keys(before)
    .filter((name) => before[name] !== after[name])
    .map((name) => ({ kind: 'user', what: `${name} of the user has changed` }));
