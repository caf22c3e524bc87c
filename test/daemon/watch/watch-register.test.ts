import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Signal } from '../../../src/agents/adapter.ts';
import { claudeRegister } from '../../../src/agents/claude-register.ts';
import { makeRegisterLook, watchRegister } from '../../../src/daemon/watch/watch-register.ts';
import { isRunning } from '../../../src/process/is-running.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';

const ID = 'claude-1';
const T0 = 1_800_000_000_000;

const begun: readonly EventDraft[] = [
  instanceCreated(ID),
  { type: 'instance.started', data: { instance_id: ID, session: 's', pane: '%1', pid: 7 } },
  { type: 'instance.conversed', data: { instance_id: ID, conversation: 'c1' } },
];
const moved = (state: 'working' | 'idle' | 'stopped', evidence?: string): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: ID, state, source: 'hook', ...(evidence === undefined ? {} : { evidence }) },
});

/** A services whose one agent says what it does in files of a folder. */
const place = (...facts: readonly EventDraft[]) => {
  const folder = temporaryFolder('register');
  const sessions = `${folder.path}/.claude/sessions`;
  mkdirSync(sessions, { recursive: true });
  const stop = new AbortController();
  const log: string[] = [];
  const clock = { now: T0 + 10_000 };
  const adapter: { register?: typeof claudeRegister } = { register: claudeRegister };
  const services = {
    ...servicesOn({
      env: { HOME: folder.path },
      paths: { spool: `${folder.path}/spool`, home: folder.path, sandboxes: `${folder.path}/own` },
      processes: { running: async (pids: readonly number[]) => new Set(pids.filter(isRunning)) },
    }),
    store: { state: stateOf(...begun, ...facts) },
    adapterFor: () => adapter,
    now: () => new Date(clock.now).toISOString(),
    log: (line: string) => void log.push(line),
    signal: stop.signal,
  };
  const file = (name: string): string => `${sessions}/${name}.json`;
  let stamp = 1;
  const says = (changes: object = {}, name = '1'): void => {
    const entry = { pid: process.pid, sessionId: 'c1', tmux: 's:@0.%1', status: 'idle', statusUpdatedAt: T0 + 5000 };
    writeFileSync(file(name), JSON.stringify({ ...entry, ...changes }));
    stamp += 1;
    utimesSync(file(name), stamp, stamp);
  };
  return {
    services: servicesWith(services),
    clock,
    log,
    adapter,
    says,
    sessions,
    forget: (name = '1') => rmSync(file(name)),
    stop: () => stop.abort(),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
};

const looker = (one: ReturnType<typeof place>, heard: ReadonlyMap<string, number> = new Map()) => {
  const taken: Signal[] = [];
  const look = makeRegisterLook(one.services, one.services.home, {
    lastHeard: heard,
    record: async (_id, signal) => void taken.push(signal),
  });
  return { taken, look };
};

test('what an agent says of itself counts when it is later than what its hooks said, and has stood for a moment', async () => {
  using one = place(moved('working'));
  one.says();
  const { taken, look } = looker(one);
  expect(await look()).toEqual({ folders: [one.sessions], nextMs: 1000 });
  expect(taken).toEqual([{ kind: 'rests' }]);
  const fresh = looker(one);
  one.clock.now = T0 + 5050;
  expect(await fresh.look()).toMatchObject({ nextMs: 30 });
  expect(fresh.taken).toEqual([]);
});

test('[SEC-9] what a program left that was killed in its sandbox is not the word of the one after it', async () => {
  const again = { instance_id: ID, session: 's', pane: '%1', pid: 8, sandbox: 'worktree' } as const;
  using one = place(moved('working'), { type: 'instance.started', data: again });
  // It has a home of its own, and in there the number that every such program has.
  mkdirSync(join(one.sessions, '../../own', ID), { recursive: true });
  symlinkSync(join(one.sessions, '../..'), join(one.sessions, '../../own', ID, 'home'));
  const started = Date.parse(one.services.store.state.instances[ID]!.state.since);
  one.clock.now = started + 60_000;
  const { taken, look } = looker(one);
  one.says({ pid: 2, statusUpdatedAt: started - 10_000 });
  await look();
  expect(taken).toEqual([]);
  one.says({ pid: 2, statusUpdatedAt: started + 10 });
  await look();
  expect(taken).toEqual([{ kind: 'rests' }]);
});

test('what a hook tells of as well, in more words, is left to the hook for a moment', async () => {
  using one = place(moved('working'));
  one.says({ status: 'waiting', waitingFor: 'permission prompt' });
  one.clock.now = T0 + 5150;
  const { taken, look } = looker(one);
  expect(await look()).toMatchObject({ nextMs: 250 });
  one.says({ status: 'waiting', waitingFor: 'dialog open' });
  await look();
  expect(taken).toMatchObject([{ kind: 'waiting', question: 'a dialog is open in its terminal' }]);
});

test('a dialog that comes just after a rule has answered it is none to wait with, unless it stays', async () => {
  const answered: EventDraft = {
    type: 'instance.answered',
    data: { instance_id: ID, tool: 'Bash', subject: 'ls', decision: 'allow', rule: 'permissions.allow: Bash(ls)' },
  };
  using one = place(moved('working'), answered);
  const at = Date.parse(one.services.store.state.instances[ID]!.answers!.at(-1)!.at);
  one.says({ status: 'waiting', waitingFor: 'permission prompt', statusUpdatedAt: at + 300 });
  const { look, taken } = looker(one, new Map([[ID, at]]));
  one.clock.now = at + 3000;
  expect(await look()).toMatchObject({ nextMs: 1000 });
  expect(taken).toEqual([]);
  one.clock.now = at + 4000;
  await look();
  expect(taken).toMatchObject([{ kind: 'waiting', attach: true }]);
  // The next one is told by its own hook, or stands for itself.
  one.says({ status: 'waiting', waitingFor: 'permission prompt', statusUpdatedAt: at + 2500 });
  const next = looker(one, new Map([[ID, at]]));
  one.clock.now = at + 2900;
  await next.look();
  expect(next.taken).toMatchObject([{ kind: 'waiting' }]);
});

test('rest counts, when nothing more is heard, although a hook in the background told later of what was before it', async () => {
  using one = place(moved('working'));
  one.says();
  one.clock.now = T0 + 6000;
  const late = looker(one, new Map([[ID, T0 + 5200]]));
  expect(await late.look()).toMatchObject({ nextMs: 700 });
  one.clock.now = T0 + 6700;
  await late.look();
  expect(late.taken).toEqual([{ kind: 'rests' }]);
  // What was said long after it is about something else.
  const later = looker(one, new Map([[ID, T0 + 8000]]));
  one.clock.now = T0 + 20_000;
  await later.look();
  one.says({ status: 'busy' });
  const busy = looker(one, new Map([[ID, T0 + 5200]]));
  await busy.look();
  expect([later.taken, busy.taken]).toEqual([[], []]);
});

test('a dialog that stands there long after something else was said is waited with', async () => {
  using one = place(moved('working'));
  one.says({ status: 'waiting', waitingFor: 'permission prompt' });
  const { look, taken } = looker(one, new Map([[ID, T0 + 6000]]));
  one.clock.now = T0 + 9000;
  await look();
  expect(taken).toEqual([]);
  one.clock.now = T0 + 10_000;
  await look();
  expect(taken).toMatchObject([{ kind: 'waiting', attach: true }]);
});

test('one that starts is taken to be ready by its own word, when nothing tells that its box is there', async () => {
  using one = place();
  one.says();
  one.clock.now = T0 + 8000;
  const early = looker(one, new Map([[ID, T0 + 7500]]));
  expect(await early.look()).toMatchObject({ nextMs: 1000 });
  one.clock.now = T0 + 9000;
  await early.look();
  expect(early.taken).toEqual([{ kind: 'rests' }]);
});

test('messages of hooks that lie in the spool are taken before what the register says', async () => {
  using one = place(moved('working'));
  one.says();
  const { spool } = one.services.home.paths;
  mkdirSync(spool);
  writeFileSync(`${spool}/${ID}-77-0.json`, '{}');
  one.clock.now = T0 + 5500;
  const { taken, look } = looker(one);
  expect(await look()).toMatchObject({ nextMs: 20 });
  expect(taken).toEqual([]);
  // One that is never finished keeps nobody waiting.
  one.clock.now = T0 + 6000;
  await look();
  expect(taken).toEqual([{ kind: 'rests' }]);
  rmSync(`${spool}/${ID}-77-0.json`);
  one.clock.now = T0 + 5500;
  const drained = looker(one);
  await drained.look();
  expect(drained.taken).toEqual([{ kind: 'rests' }]);
});

test('rest after something in the background counts later, because a further turn may begin', async () => {
  using one = place(moved('working', 'in the background: npm start'));
  one.says({ statusUpdatedAt: T0 + 9000 });
  const { taken, look } = looker(one);
  expect(await look()).toMatchObject({ nextMs: 1000 });
  one.clock.now = T0 + 13_000;
  await look();
  expect(taken).toEqual([{ kind: 'rests' }]);
});

test('entries of other conversations, other panes and ended programs are not its own', async () => {
  using one = place(moved('working'));
  const { taken, look } = looker(one);
  for (const changes of [{ sessionId: 'c2' }, { tmux: 's:@0.%2' }, { pid: 2 ** 22 + 1 }, { status: 'strange' }]) {
    one.says(changes);
    await look();
  }
  expect(taken).toEqual([]);
  one.says({ tmux: undefined });
  one.says({ statusUpdatedAt: T0 + 4000, status: 'busy' }, '2');
  writeFileSync(`${one.sessions}/notes.txt`, 'x');
  await look();
  expect(taken).toEqual([{ kind: 'rests' }]);
  one.forget();
  await look();
  expect(taken.at(-1)).toEqual({ kind: 'working', note: 'at work' });
});

test('nothing is read while no such agent lives', async () => {
  using over = place(moved('stopped'));
  expect(await looker(over).look()).toEqual({ folders: [], nextMs: 1000 });
  using other = place(moved('working'));
  delete other.adapter.register;
  expect(await looker(other).look()).toMatchObject({ folders: [] });
});

test('a change of the register is seen at once, until the daemon ends', async () => {
  using one = place(moved('working'));
  const taken: Signal[] = [];
  const watching = watchRegister(one.services, {
    lastHeard: new Map(),
    record: async (_id, signal) => void taken.push(signal),
  });
  one.says({ status: 'busy' });
  await vi.waitUntil(() => taken.some(({ kind }) => kind === 'working'));
  one.says();
  await vi.waitUntil(() => taken.some(({ kind }) => kind === 'rests'));
  one.stop();
  await watching.done;
});

test('a look that fails is told, and the next one comes', async () => {
  using one = place(moved('working'));
  one.says();
  let fails = 1;
  const watching = watchRegister(one.services, {
    lastHeard: new Map(),
    record: async () => {
      fails += 1;
      throw new Error(`no ${fails}`);
    },
  });
  await vi.waitUntil(() => one.log.length > 0);
  expect(one.log[0]).toBe('reading what agents say of themselves failed: no 2');
  one.stop();
  await watching.done;
});
