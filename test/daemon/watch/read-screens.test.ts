import { expect, test } from 'vitest';
import type { Signal } from '../../../src/agents/adapter.ts';
import { configuredScreen } from '../../../src/agents/shell.ts';
import { noteOutputBefore } from '../../../src/daemon/signals/given-output.ts';
import { makeScreenReader } from '../../../src/daemon/watch/read-screens.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated, taskCreated, timeOf } from '../../state/story.ts';

const ID = 'typ-1';
const place = { session: 's', pane: '%1', pid: 7, server: '1.1' };
const idle: readonly EventDraft[] = [
  instanceCreated(ID),
  { type: 'instance.started', data: { instance_id: ID, ...place } },
  { type: 'instance.moved', data: { instance_id: ID, state: 'idle', source: 'screen' } },
];
const given: readonly EventDraft[] = [
  taskCreated('t2'),
  { type: 'task.assigned', data: { id: 't2', instance: ID, pinned: false, reason: 'x' } },
  { type: 'run.started', data: { id: 't2', instance: ID, branch: 'b', start_commit: 'c' } },
  { type: 'instance.moved', data: { instance_id: ID, state: 'working', source: 'drover' } },
];
const BEGUN = Date.parse(timeOf(idle.length + given.length));

/** An agent whose screen alone tells when a turn ends, and what is heard of it. */
const readingOf = () => {
  const now = { state: stateOf(...idle), grown: BEGUN - 5000 };
  const heard: Signal['kind'][] = [];
  const readScreen = configuredScreen({ ready: '^robot> *$', idle: '^done$' } as never);
  const adapter = { agent: 'typ', hooks: false, startsOnScreen: true, readScreen };
  const world = servicesOn({ paths: { logs: '/logs' }, logs: { grownAt: async () => now.grown } });
  const services = servicesWith({
    ...world,
    store: {
      get state() {
        return now.state;
      },
    },
    adapterFor: () => adapter,
  });
  const screens = makeScreenReader(services, world.home, {
    record: async (_id, { kind }) => void heard.push(kind),
    lastHeard: new Map(),
    restsSince: () => undefined,
  });
  /** Looks until nothing is to be read any more; `meanwhile` happens between the photograph and its reading. */
  const look = async (screen: string, meanwhile = (): void => undefined): Promise<void> => {
    for (let wanted = await screens.wanted(); wanted.length > 0; wanted = await screens.wanted()) {
      const isLast = wanted.some(({ settled }) => settled);
      if (isLast) meanwhile();
      for (const one of wanted) await screens.read(one, screen);
    }
  };
  /** The agent has been given its task, and is to be told of it now. */
  const tell = () => noteOutputBefore(services, ID);
  return { now, heard, look, tell };
};

test('the end of the task before, which still stands on a screen when the next one is given, is not the end of that', async () => {
  const { now, heard, look } = readingOf();
  const begin = (): void => {
    now.state = stateOf(...idle, ...given);
  };
  await look('Task t1: read it\ndone\n', begin);
  expect(heard).toEqual([]);
  now.grown = BEGUN + 500;
  await look('Task t1: read it\ndone\nTask t2: read it\n');
  expect(heard).toEqual([]);
  now.grown = BEGUN + 900;
  await look('Task t1: read it\ndone\nTask t2: read it\ndone\n');
  expect(heard).toEqual(['finished']);
});

test('a daemon that finds a task given and not begun takes nothing on an old screen for its end', async () => {
  const { now, heard, look } = readingOf();
  now.state = stateOf(...idle, ...given);
  // The same task was tried before.
  await look('Task t2: read it\ndone\n');
  expect(heard).toEqual([]);
  now.grown = BEGUN + 900;
  await look('done\n');
  expect(heard).toEqual(['finished']);
});

/** After a task was given: what its agent was taken for, and that it is at work again as before. */
const gap = (...between: readonly EventDraft[]): readonly EventDraft[] => [
  ...given,
  ...between,
  { type: 'instance.moved', data: { instance_id: ID, state: 'working', source: 'drover' } },
];
const unknown: EventDraft = { type: 'instance.moved', data: { instance_id: ID, state: 'unknown', source: 'drover' } };
const frozen: readonly EventDraft[] = [
  ...given,
  { type: 'instance.pause_requested', data: { instance_id: ID } },
  { type: 'instance.paused', data: { instance_id: ID, evidence: 'frozen' } },
  { type: 'instance.resume_requested', data: { instance_id: ID } },
  { type: 'instance.resumed', data: { instance_id: ID, evidence: 'goes on' } },
];
const flaps = gap(...Array.from({ length: 12 }, () => gap(unknown).slice(given.length)).flat(), unknown);

test.each([
  ['was not known', gap(unknown)],
  ['was not known again and again, for longer than its states are kept,', flaps],
  ['was frozen', frozen],
])(
  'the end of a task that stood on the screen before its agent %s and was again as before is its end',
  async (_how, events) => {
    const { now, heard, look } = readingOf();
    now.state = stateOf(...idle, ...events);
    await look('Task t2: read it\n');
    now.grown = BEGUN + 500;
    await look('Task t2: read it\ndone\n');
    expect(heard).toEqual(['finished']);
  },
);

test('an end from before a task was given, or before its agent was told to go on with it, stays one of before', async () => {
  const old = readingOf();
  old.now.state = stateOf(...idle, ...gap(unknown));
  await old.look('done\n');
  expect(old.heard).toEqual([]);
  const anew = readingOf();
  const freed: EventDraft = { type: 'instance.moved', data: { instance_id: ID, state: 'idle', source: 'screen' } };
  anew.now.state = stateOf(...idle, ...gap(unknown, freed));
  anew.now.grown = BEGUN + 500;
  await anew.look('done\n');
  expect(anew.heard).toEqual([]);
});

test('on a machine whose clock is behind, the end of a task is known by what was printed since it was given', async () => {
  const { now, heard, look } = readingOf();
  now.state = stateOf(...idle, ...given);
  await look('Task t1: read it\ndone\n');
  expect(heard).toEqual([]);
  now.grown += 900;
  await look('Task t1: read it\ndone\nTask t2: read it\ndone\n');
  expect([heard, now.grown < BEGUN]).toEqual([['finished'], true]);
});

test('on such a machine a task that is done before anybody looks at it ends as well', async () => {
  const { now, heard, look, tell } = readingOf();
  await look('Task t1: read it\n');
  now.state = stateOf(...idle, ...given);
  await tell();
  now.grown += 900;
  await look('Task t1: read it\nTask t2: read it\ndone\n');
  expect([heard, now.grown < BEGUN]).toEqual([['finished'], true]);
});

test('on a machine whose clock is ahead, an end from before a task was given is not the end of that', async () => {
  const { now, heard, look, tell } = readingOf();
  now.state = stateOf(...idle, ...given);
  now.grown = BEGUN + 5000;
  await tell();
  await look('Task t1: read it\ndone\n');
  expect(heard).toEqual([]);
  now.grown += 900;
  await look('Task t1: read it\ndone\nTask t2: read it\ndone\n');
  expect(heard).toEqual(['finished']);
});
