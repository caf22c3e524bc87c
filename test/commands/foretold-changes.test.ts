import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adapterFor } from '../../src/agents/index.ts';
import type { Command, Context } from '../../src/commands/define.ts';
import { pauseGroup } from '../../src/commands/instances/pause-group.ts';
import { pauseInstance } from '../../src/commands/instances/pause-instance.ts';
import { resumeGroup } from '../../src/commands/instances/resume-group.ts';
import { resumeInstance } from '../../src/commands/instances/resume-instance.ts';
import { setInstance } from '../../src/commands/instances/set-instance.ts';
import { stopGroup } from '../../src/commands/instances/stop-group.ts';
import { stopInstance } from '../../src/commands/instances/stop-instance.ts';
import { pauseSwarm } from '../../src/commands/swarm/pause-swarm.ts';
import { resumeSwarm } from '../../src/commands/swarm/resume-swarm.ts';
import { pauseTask } from '../../src/commands/tasks/pause-task.ts';
import { resumeTask } from '../../src/commands/tasks/resume-task.ts';
import { runTask } from '../../src/commands/tasks/run-task.ts';
import { setTask } from '../../src/commands/tasks/set-task.ts';
import type { EventDraft, State } from '../../src/state/index.ts';
import { INSTANCE_STATES } from '../../src/state/instances.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import type { Task } from '../../src/state/tasks.ts';
import { forecast } from '../../src/tui/prompt/prompt-forecast.ts';
import { partOf } from '../helpers/context.ts';
import { languageOf, openDesk } from '../helpers/desk.ts';
import { assigned, created, failed, instance, moved, requested, started, verified } from '../tasks/journal.ts';

const commands: readonly Command[] = [
  ...[pauseInstance, pauseGroup, pauseSwarm, pauseTask, resumeInstance, resumeGroup, resumeSwarm, resumeTask],
  ...[stopInstance, stopGroup, setInstance, runTask, setTask],
];
const language = languageOf(commands);

/** What the daemon makes of what it is asked for: it freezes, lets go on, starts and ends at once. */
const reacting = ({ instances }: State): EventDraft[] =>
  Object.values(instances).flatMap(({ instance_id, hold, state }): EventDraft[] => {
    if (hold === 'pausing') return [{ type: 'instance.paused', data: { instance_id, evidence: 'frozen' } }];
    if (hold === 'resuming') return [{ type: 'instance.resumed', data: { instance_id, evidence: 'goes on' } }];
    if (state.kind === 'creating') return [moved(instance_id, 'starting'), moved(instance_id, 'idle')];
    return state.kind === 'stopping' ? [moved(instance_id, 'stopped')] : [];
  });

/** States that last: what is on its way is somewhere else before a person has read what is foretold. */
const LASTING = INSTANCE_STATES.filter((kind) => !['creating', 'starting', 'stopping', 'paused'].includes(kind));

const anInstance = fc.record({
  kind: fc.constantFrom(...LASTING),
  isFrozen: fc.boolean(),
  group: fc.constantFrom(null, 'red', 'blue'),
});

const aTask = fc.record({
  kind: fc.constantFrom('open', 'assigned', 'running', 'done', 'failed'),
  isHeld: fc.boolean(),
  isRequested: fc.boolean(),
});

const aPlace = fc.record({
  instances: fc.array(anInstance, { minLength: 1, maxLength: 3 }),
  tasks: fc.array(aTask, { minLength: 1, maxLength: 3 }),
  isPaused: fc.boolean(),
  maxInstances: fc.integer({ min: 1, max: 4 }),
});
type Place = typeof aPlace extends fc.Arbitrary<infer T> ? T : never;

const LIVES = ['working', 'waiting', 'verifying', 'idle', 'stuck', 'limited', 'unknown'];

const instanceFacts = ({ instances }: Place): EventDraft[] =>
  instances.flatMap(({ kind, isFrozen, group }, i): EventDraft[] => {
    const instance_id = `c-${i + 1}`;
    const frozen: EventDraft[] = [
      { type: 'instance.pause_requested', data: { instance_id } },
      { type: 'instance.paused', data: { instance_id, evidence: 'frozen' } },
    ];
    return [
      ...instance(instance_id, kind),
      ...(group === null ? [] : [{ type: 'instance.grouped', data: { instance_id, group } } as const]),
      ...(isFrozen && LIVES.includes(kind) ? frozen : []),
    ];
  });

const taskFacts = ({ instances, tasks }: Place): EventDraft[] =>
  tasks.slice(0, instances.length).flatMap(({ kind, isHeld, isRequested }, i): EventDraft[] => {
    const [id, by] = [`t${i + 1}`, `c-${i + 1}`];
    const begun = [assigned(id, by), started(id, by)];
    const further: Readonly<Record<typeof kind, readonly EventDraft[]>> = {
      open: [],
      assigned: [assigned(id, by)],
      running: begun,
      done: [...begun, verified(id)],
      failed: [...begun, failed(id)],
    };
    return [
      created(id),
      ...(isRequested ? [requested(id)] : []),
      ...further[kind],
      ...(isHeld ? [{ type: 'task.held', data: { id, held: true } } as const] : []),
    ];
  });

const factsOf = (place: Place): EventDraft[] => [
  ...['red', 'blue'].map((group_id): EventDraft => ({ type: 'group.created', data: { group_id, description: '' } })),
  ...instanceFacts(place),
  ...taskFacts(place),
  ...(place.isPaused ? [{ type: 'swarm.paused', data: {} } as const] : []),
];

const aLine = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('pause', 'resume', 'stop'),
      fc.constantFrom(
        'instance c-1',
        'instances c-1, c-2',
        'all instances',
        'idle instances',
        'all instances group=red',
      ),
    )
    .map((words) => words.join(' ')),
  fc
    .tuple(fc.constantFrom('pause', 'resume', 'stop'), fc.constantFrom('group red', 'groups red, blue', 'group green'))
    .map((words) => words.join(' ')),
  fc.constantFrom('pause swarm', 'resume swarm'),
  fc
    .tuple(
      fc.constantFrom('pause', 'resume', 'run'),
      fc.constantFrom('task t1', 'tasks t1, t2', 'all tasks', 'open tasks'),
    )
    .map((words) => words.join(' ')),
  fc
    .tuple(fc.constantFrom('c-1', 'c-2', 'all instances'), fc.constantFrom('red', 'blue', 'none', 'green'))
    .map(([who, group]) => `set ${who.startsWith('c') ? `instance ${who}` : who} group=${group}`),
  fc.constantFrom('set task t1 deps=t99', 'set task t1 deps=t2', 'set task t1 deps=t1', 'run task t1 agent=nope'),
);

/** Whether the agent that runs a task is frozen, and the task with it. */
const holdOf = (instances: State['instances'], { state, run }: Task): string =>
  state === 'running' ? String(instances[run?.instance ?? '']?.hold) : '';

/** Each instance and each task as a person tells it from what it was. */
const seen = ({ instances, tasks, swarm }: State): Readonly<Record<string, string>> =>
  Object.fromEntries([
    ...Object.values(instances).map((one) => [one.instance_id, [one.state.kind, one.hold, one.group].join(' ')]),
    ...Object.values(tasks).map((task) => [
      task.id,
      [task.state, task.held, task.requested, task.assignee, holdOf(instances, task), ...task.dependencies].join(' '),
    ]),
    ['swarm', String(swarm.paused)],
  ]);

/** Says a line where nothing else happens; what was foretold, what it answered, and what has changed. */
const saidAt = async (place: Place, line: string) => {
  const settings = settingsSchema.parse({
    ...{ agent: 'rehearsal', rehearsal: { plans: true } },
    limits: { maxInstances: place.maxInstances },
  });
  const agents = partOf<Context['agents']>({
    workers: async () => [],
    assertStartable: async (agent) => void adapterFor(agent, settings),
  });
  const desk = openDesk(commands, factsOf(place), { agents, reacting, settings });
  const before = seen(desk.state);
  const hint = forecast(line, { state: desk.state, settings }, language);
  const reply = await desk.say(line);
  const now = seen(desk.state);
  return { hint, reply, changed: Object.keys(now).filter((id) => now[id] !== before[id]) };
};

/** Whether a line would launch somebody: that takes git and tmux, which are not here. */
const launches = (place: Place, line: string): boolean =>
  line.startsWith('run') && !place.instances.some(({ kind }) => LIVES.includes(kind));

const NOUNS = /^\S+ (?:all |idle |open )?(?:instances?|groups?|tasks?|swarm)\b/u;

test('[TUI-2] what is paused, let go on, stopped, moved and run is foretold, to each that it is done to, and that nothing changes where nothing does', async () => {
  await fc.assert(
    fc.asyncProperty(aPlace, aLine, async (place, line) => {
      fc.pre(!launches(place, line));
      const { hint, reply, changed } = await saidAt(place, line);
      if (hint.kind === 'error') {
        expect([hint.message, hint.help]).toEqual([reply.message, reply.hint]);
        expect(changed).toEqual([]);
        return;
      }
      expect([hint.kind, [0, 124].includes(reply.exit)], reply.message).toEqual(['ok', true]);
      if (hint.kind !== 'ok') return;
      if (hint.idle) expect([hint.says, changed]).toEqual([reply.message, []]);
      else if (!line.startsWith('run')) expect(changed).not.toEqual([]);
      if (hint.idle || !NOUNS.test(line) || /^(?:run|set task)/u.test(line)) return;
      const kind = /^\S+ (?:\S+ )?tasks?\b/u.test(line) ? 't' : 'c-';
      const named = [...new Set(hint.says.match(/\b(?:c-|t)\d\b/gu))].filter((id) => id.startsWith(kind));
      expect([...named].sort()).toEqual(changed.filter((id) => id.startsWith(kind)).sort());
    }),
    { numRuns: 600 },
  );
});
