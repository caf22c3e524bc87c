import { expect, test } from 'vitest';
import { endFacts, lossFacts } from '../../../src/daemon/signals/end-facts.ts';
import { type ResolvedSignal, signalFacts } from '../../../src/daemon/signals/signal-facts.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import type { InstanceStateName } from '../../../src/state/instances.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated, taskCreated } from '../../state/story.ts';

const ID = 'claude-1';
const started: EventDraft = { type: 'run.started', data: { id: '1', instance: ID, branch: 'b', start_commit: 'c' } };
const assigned = (id: string, pinned: boolean): EventDraft => ({
  type: 'task.assigned',
  data: { id, instance: ID, pinned, reason: 'x' },
});
const kind = (state: InstanceStateName): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: ID, state, source: 'drover' },
});
const swarm = (...more: readonly EventDraft[]): State =>
  stateOf(instanceCreated(ID), kind('starting'), taskCreated('1'), taskCreated('2'), taskCreated('3'), ...more);
const atWork = swarm(started, kind('working'));
const confirmed = swarm(started, {
  type: 'instance.moved',
  data: { instance_id: ID, state: 'working', source: 'hook' },
});

const told = (state: State, signal: ResolvedSignal) =>
  signalFacts(state, ID, signal, 'hook').map(({ type, data }) => [
    type,
    'state' in data ? data.state : 'failure' in data ? data.failure.class : 'id' in data ? data.id : null,
  ]);

test.each<[string, State, ResolvedSignal, unknown[]]>([
  ['ready after its start', swarm(), { kind: 'ready' }, [['instance.moved', 'idle']]],
  [
    'ready before its box is there',
    swarm(),
    { kind: 'ready', conversation: 'k', early: true },
    [['instance.conversed', null]],
  ],
  ['ready in the middle of its work is no end of it', atWork, { kind: 'ready' }, []],
  ['ready with a conversation', atWork, { kind: 'ready', conversation: 'k' }, [['instance.conversed', null]]],
  ['ready when nobody knew', swarm(kind('unknown')), { kind: 'ready' }, [['instance.moved', 'idle']]],
  ['at work', swarm(kind('idle')), { kind: 'working' }, [['instance.moved', 'working']]],
  ['a file written', atWork, { kind: 'touched', path: '/x', note: 'Write' }, [['instance.moved', 'working']]],
  ['work while its claim is verified changes nothing', swarm(kind('verifying')), { kind: 'working' }, []],
  [
    'a question',
    atWork,
    { kind: 'waiting', question: 'Which?\n\u001B[31mred' },
    [
      ['instance.moved', 'waiting'],
      ['alert.raised', `waiting:${ID}`],
    ],
  ],
  [
    'a claim',
    atWork,
    { kind: 'finished', summary: 'all\ndone' },
    [
      ['run.claimed', '1'],
      ['instance.moved', 'verifying'],
    ],
  ],
  ['a turn that ends without a task', swarm(kind('working')), { kind: 'finished' }, [['instance.moved', 'idle']]],
  [
    'a turn that ends while its report is verified',
    swarm(kind('verifying')),
    { kind: 'finished' },
    [['instance.moved', 'verifying']],
  ],
  ['progress', atWork, { kind: 'progress', percent: 4, note: null }, [['run.progressed', '1']]],
  ['progress of nothing', swarm(), { kind: 'progress', percent: 4, note: null }, []],
  [
    'a failure',
    atWork,
    { kind: 'failed', class: 'agent', message: 'limit' },
    [
      ['run.failed', 'agent'],
      ['alert.raised', 'failed:1'],
      ['instance.moved', 'idle'],
    ],
  ],
  [
    'a login that is refused',
    atWork,
    { kind: 'failed', class: 'login', message: 'Not logged in' },
    [
      ['run.failed', 'login'],
      ['alert.raised', 'failed:1'],
      ['instance.moved', 'waiting'],
      ['alert.raised', `waiting:${ID}`],
    ],
  ],
  [
    'a limit that is used up keeps its run',
    atWork,
    { kind: 'limited', message: 'limit', until: '2026-11-20T09:02:00.000Z' },
    [
      ['instance.moved', 'limited'],
      ['alert.raised', `limited:${ID}`],
    ],
  ],
  ['rest in the middle of its work', confirmed, { kind: 'rests' }, [['instance.moved', 'idle']]],
  ['rest before it has begun', atWork, { kind: 'rests' }, []],
  ['rest after a question', swarm(started, kind('waiting')), { kind: 'rests' }, [['instance.moved', 'idle']]],
  ['rest after its start', swarm(), { kind: 'rests' }, [['instance.moved', 'idle']]],
  ['rest where it is known to rest', swarm(kind('idle')), { kind: 'rests' }, []],
  ['rest while its claim is verified', swarm(kind('verifying')), { kind: 'rests' }, []],
  ['rest while its limit is used up', swarm(kind('limited')), { kind: 'rests' }, []],
  ['a goodbye, which its exit says better', atWork, { kind: 'exiting' }, []],
  ['anything while it is made to leave', swarm(kind('stopping')), { kind: 'finished' }, []],
])('%s', (_name, state, signal, facts) => {
  expect(told(state, signal)).toEqual(facts);
});

test('nobody is known by that name, so nothing is a fact', () => {
  expect(signalFacts(atWork, 'nobody-1', { kind: 'working' }, 'hook')).toEqual([]);
  expect(endFacts(atWork, 'nobody-1', { code: 0, signal: null, oneShot: false })).toEqual([]);
  expect(lossFacts(atWork, 'nobody-1')).toEqual([]);
});

test('a turn that ends while its brief is still to be typed was somebody else’s', () => {
  const kept: EventDraft = {
    type: 'alert.raised',
    data: { id: `typing:${ID}`, severity: 'warning', text: 'x', suggestion: null, instance: ID, task: null },
  };
  const state = swarm(
    started,
    { type: 'instance.moved', data: { instance_id: ID, state: 'working', source: 'hook' } },
    kept,
  );
  for (const signal of [{ kind: 'finished' }, { kind: 'failed', class: 'agent', message: 'x' }] as const)
    expect(signalFacts(state, ID, signal, 'hook')).toMatchObject([{ data: { state: 'working', source: 'drover' } }]);
  expect(told(state, { kind: 'failed', class: 'login', message: 'x' })[0]).toEqual(['run.failed', 'login']);
});

test('an alert about a question goes when the agent goes on', () => {
  const asked = signalFacts(atWork, ID, { kind: 'waiting', question: 'Which?' }, 'hook');
  const alert = asked.find(({ type }) => type === 'alert.raised')!;
  expect(alert.data).toMatchObject({ text: `${ID} asks: Which?`, suggestion: `answer ${ID} "yes"` });
  const state = swarm(started, kind('working'), ...asked);
  expect(told(state, { kind: 'working' })[0]).toEqual(['alert.cleared', `waiting:${ID}`]);
});

const ended = (state: State, code: number | null, signal: string | null, oneShot = false) =>
  endFacts(state, ID, { code, signal, oneShot }).map(({ type }) => type);

test('an end is a crash unless its status is zero: then a person has said goodbye, and what it was at waits', () => {
  expect(ended(atWork, 1, null)).toEqual(['run.failed', 'instance.moved', 'alert.raised']);
  expect(ended(atWork, null, null)).toEqual(['run.failed', 'instance.moved', 'alert.raised']);
  expect(ended(atWork, 0, null)).toEqual(['run.failed', 'alert.raised', 'instance.moved']);
  expect(endFacts(atWork, ID, { code: 0, signal: null, oneShot: false })).toMatchObject([
    { data: { failure: { class: 'stopped' } } },
    { data: { severity: 'warning', suggestion: 'retry task 1' } },
    { data: { state: 'stopped' } },
  ]);
  expect(ended(swarm(kind('idle')), 0, null)).toEqual(['instance.moved']);
  expect(ended(swarm(kind('idle')), 1, null)).toEqual(['instance.moved', 'alert.raised']);
  for (const over of ['creating', 'stopping', 'stopped', 'failed'] as const)
    expect(ended(swarm(kind(over)), 1, null)).toEqual([]);
});

const later = (ms: number): string => `in ${ms} ms`;
const recoveryContext = { rules: { tries: 3, backoffMs: 100, moves: 1 }, later };
const recoveryIn = (facts: readonly EventDraft[]) =>
  facts.flatMap((fact) => (fact.type === 'instance.recovery_planned' ? [fact.data.recovery] : []));
const alertIn = (facts: readonly EventDraft[]) =>
  facts.flatMap((fact) => (fact.type === 'alert.raised' ? [[fact.data.severity, fact.data.text]] : []));
const crash = (state: State, code: number | null = 1) =>
  endFacts(state, ID, { code, signal: code === null ? 'SIGKILL' : null, oneShot: false }, recoveryContext);

test('[REC-3] a crash in the middle of a run is tried again after a rest that doubles, and given up after the last try', () => {
  const first = crash(atWork, null);
  expect(recoveryIn(first)).toEqual([
    {
      task: '1',
      class: 'crash',
      message: `${ID} ended by SIGKILL`,
      tries: 1,
      most: 3,
      unready: false,
      next: 'restart',
      due: 'in 100 ms',
    },
  ]);
  expect(first.map(({ type }) => type)).not.toContain('run.failed');
  expect(alertIn(first)).toMatchObject([['info', expect.stringContaining('1 of 3, and is started again by itself')]]);
  const again = swarm(started, ...first, kind('creating'), kind('starting'));
  const second = crash(again);
  expect(recoveryIn(second)).toMatchObject([{ tries: 2, unready: true, next: 'restart', due: 'in 200 ms' }]);
  // Zero is no goodbye of one that never took a prompt.
  expect(recoveryIn(crash(again, 0))).toMatchObject([{ tries: 2 }]);
  const third = crash(swarm(started, ...first, ...second, kind('creating'), kind('starting'), kind('working')));
  expect(recoveryIn(third)).toMatchObject([{ tries: 3, next: 'move', due: null }]);
  expect(alertIn(third)).toMatchObject([['error', expect.stringContaining('3 of 3, and is given up')]]);
});

test('[REC-3] a program that is not there is not started in vain, and nothing is done by itself where that is not wanted', () => {
  const starting = swarm(started, ...crash(atWork), kind('creating'), kind('starting'));
  const missing = crash(starting, 127);
  expect(recoveryIn(missing)).toMatchObject([{ next: 'move', message: `the program of ${ID} cannot be run` }]);
  expect(alertIn(missing)).toMatchObject([['error', expect.stringMatching(/1 is taken from it$|given up$/u)]]);
  const off = { rules: { ...recoveryContext.rules, tries: 0 }, later };
  expect(endFacts(atWork, ID, { code: 1, signal: null, oneShot: false }, off).map(({ type }) => type)).toEqual([
    'run.failed',
    'instance.moved',
    'alert.raised',
  ]);
});

test('[REC-1] a session that is gone is tried again; what was lost with the whole tmux server waits for a person', () => {
  expect(recoveryIn(lossFacts(atWork, ID, { server: false, recoveryContext }))).toMatchObject([
    { class: 'session-lost', next: 'restart', tries: 1 },
  ]);
  const all = lossFacts(atWork, ID, { server: true, recoveryContext });
  expect(recoveryIn(all)).toMatchObject([{ class: 'session-lost', next: 'person', tries: 0, due: null }]);
  expect(alertIn(all)).toMatchObject([['warning', expect.stringMatching(/; 1 waits for it$/u)]]);
});

test('a one-shot agent claims, fails or crashes by its status, and between two tasks it is nobody’s loss', () => {
  const program: EventDraft = { type: 'instance.started', data: { instance_id: ID, session: 's', pane: '%1', pid: 7 } };
  const once = swarm(started, program, kind('working'));
  expect(ended(once, 0, null, true)).toEqual(['run.claimed', 'instance.moved']);
  expect(ended(once, 3, null, true)).toEqual(['run.failed', 'alert.raised', 'instance.moved']);
  expect(ended(once, null, null, true)).toEqual(['run.failed', 'alert.raised', 'instance.moved']);
  expect(ended(swarm(kind('idle')), 1, 'SIGKILL', true)).toEqual([]);
  // That of the task before is still seen when the next one is begun, and its program is not there yet.
  expect(ended(swarm(program, started, kind('working')), 3, null, true)).toEqual([]);
  // Of a long run only the last states are known.
  const busy = Array.from({ length: 15 }, () => [kind('waiting'), kind('working')]).flat();
  expect(ended(swarm(started, program, ...busy), 3, null, true)).toEqual([
    'run.failed',
    'alert.raised',
    'instance.moved',
  ]);
});

test('what was only handed out goes to others when its instance ends; what a person pinned waits for it', () => {
  const queued = swarm(assigned('2', false), assigned('3', true), kind('idle'));
  for (const facts of [lossFacts(queued, ID), endFacts(queued, ID, { code: 1, signal: null, oneShot: false })])
    expect(facts.filter(({ type }) => type === 'task.unassigned').map(({ data }) => data)).toMatchObject([{ id: '2' }]);
});

test('a lost session is told once', () => {
  expect(lossFacts(atWork, ID).map(({ type }) => type)).toEqual(['run.failed', 'instance.moved', 'alert.raised']);
  expect(lossFacts(swarm(kind('idle')), ID).map(({ type }) => type)).toEqual(['instance.moved', 'alert.raised']);
  expect(lossFacts(swarm(kind('lost')), ID)).toEqual([]);
});

const evidenceOf = (facts: readonly EventDraft[]) =>
  facts.flatMap(({ type, data }) => (type === 'instance.moved' && 'evidence' in data ? [data.evidence] : []));

test('rest is an interruption of what hooks have told of, and the end of what only the register knows of', () => {
  const byRegister = (...more: readonly EventDraft[]) =>
    swarm(...more, { type: 'instance.moved', data: { instance_id: ID, state: 'working', source: 'register' } });
  expect(evidenceOf(signalFacts(confirmed, ID, { kind: 'rests' }, 'register'))).toEqual(['interrupted']);
  expect(evidenceOf(signalFacts(byRegister(), ID, { kind: 'rests' }, 'register'))).toEqual(['its turn ended']);
  expect(evidenceOf(signalFacts(byRegister(started), ID, { kind: 'rests' }, 'register'))).toEqual(['interrupted']);
});

test('one that needs login rests without being ready, until a person goes on in its terminal', () => {
  const refused = signalFacts(atWork, ID, { kind: 'failed', class: 'login', message: 'Not logged in' }, 'hook');
  const state = swarm(started, kind('working'), ...refused);
  expect(told(state, { kind: 'rests' })).toEqual([]);
  const dialog = signalFacts(state, ID, { kind: 'waiting', question: 'a dialog is open', attach: true }, 'register');
  expect(dialog.map(({ type }) => type)).toEqual(['instance.moved', 'alert.raised']);
  const open = swarm(started, kind('working'), ...refused, ...dialog);
  expect(evidenceOf(signalFacts(open, ID, { kind: 'rests' }, 'register'))).toEqual(['its turn ended']);
});

test('the register adds nothing to what a hook has said in more words', () => {
  const asked = signalFacts(atWork, ID, { kind: 'waiting', question: 'May it use Bash: rm?' }, 'hook');
  const state = swarm(started, kind('working'), ...asked);
  expect(signalFacts(state, ID, { kind: 'waiting', question: 'permission prompt' }, 'register')).toEqual([]);
  expect(signalFacts(state, ID, { kind: 'waiting', question: 'May it use Bash: rm?' }, 'hook')).toEqual([]);
  expect(signalFacts(atWork, ID, { kind: 'working' }, 'register')).toEqual([]);
  expect(evidenceOf(signalFacts(state, ID, { kind: 'working', note: 'at work' }, 'register'))).toEqual(['at work']);
});

test('that only something in the background goes on is news', () => {
  const state = swarm(started, { type: 'instance.moved', data: { instance_id: ID, state: 'working', source: 'hook' } });
  const note = 'in the background: npm start';
  expect(evidenceOf(signalFacts(state, ID, { kind: 'working', note }, 'hook'))).toEqual([]);
  expect(evidenceOf(signalFacts(state, ID, { kind: 'working', note, background: true }, 'hook'))).toEqual([note]);
});

test('an agent that gives up when it is refused asks once more, in the middle of its run', () => {
  const asked = swarm(started, kind('working'), kind('waiting'));
  const signal = { kind: 'failed', class: 'stopped', message: 'interrupted', ifAsking: 'What instead?' } as const;
  expect(told(asked, signal)).toEqual([
    ['instance.moved', 'waiting'],
    ['alert.raised', `waiting:${ID}`],
  ]);
});
