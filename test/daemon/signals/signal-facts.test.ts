import { describe, expect, test } from 'vitest';
import type { Signal } from '../../../src/agents/adapter.ts';
import { type ResolvedSignal, signalFacts } from '../../../src/daemon/signals/signal-facts.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import type { InstanceStateName } from '../../../src/state/instances.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated, taskCreated } from '../../state/story.ts';

const ID = 'claude-1';
const started: EventDraft = { type: 'run.started', data: { id: '1', instance: ID, branch: 'b', start_commit: 'c' } };
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

test('a program that crashed stays crashed, although its pane still shows the input box that it drew last', () => {
  const crash: EventDraft = {
    type: 'alert.raised',
    data: { id: `instance:${ID}`, severity: 'error', text: 'x', suggestion: null, instance: ID, task: null },
  };
  for (const over of ['failed', 'stopped', 'lost'] as const) {
    const state = swarm(kind('idle'), kind(over), crash);
    const signals: ResolvedSignal[] = [{ kind: 'ready' }, { kind: 'waiting', question: 'Which?' }, { kind: 'working' }];
    for (const source of ['screen', 'terminal', 'hook'] as const)
      for (const signal of signals) expect([over, signalFacts(state, ID, signal, source)]).toEqual([over, []]);
    expect(signalFacts(state, ID, { kind: 'finished' }, 'screen')).toEqual([]);
  }
  const back = swarm(kind('failed'), crash, kind('creating'), kind('starting'));
  expect(told(back, { kind: 'ready' })).toEqual([
    ['alert.cleared', `instance:${ID}`],
    ['instance.moved', 'idle'],
  ]);
});

test('a turn that failed for good outside of a task is told, until the agent goes on', () => {
  const failed: ResolvedSignal = { kind: 'failed', class: 'overloaded', message: 'server error: 529\nOverloaded' };
  const facts = signalFacts(swarm(kind('working')), ID, failed, 'hook');
  expect(facts).toMatchObject([
    { type: 'instance.moved', data: { state: 'idle' } },
    {
      type: 'alert.raised',
      data: {
        id: `turn:${ID}`,
        severity: 'warning',
        text: `the turn of ${ID} failed (overloaded): server error: 529 Overloaded`,
        suggestion: `tell ${ID} "Go on."`,
      },
    },
  ]);
  const state = swarm(kind('working'), ...facts);
  expect(told(state, { kind: 'working' })[0]).toEqual(['alert.cleared', `turn:${ID}`]);
  const interrupted: ResolvedSignal = { kind: 'failed', class: 'stopped', message: 'interrupted' };
  expect(told(swarm(kind('working')), interrupted)).toEqual([['instance.moved', 'idle']]);
});

test('nobody is known by that name, so nothing is a fact', () => {
  expect(signalFacts(atWork, 'nobody-1', { kind: 'working' }, 'hook')).toEqual([]);
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
  expect(alert.data).toMatchObject({ text: `${ID} asks: Which?`, suggestion: `answer ${ID} "…"` });
  const state = swarm(started, kind('working'), ...asked);
  expect(told(state, { kind: 'working' })[0]).toEqual(['alert.cleared', `waiting:${ID}`]);
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

describe('an agent that was refused something, or answered', () => {
  const waits = (source: 'hook' | 'screen'): EventDraft => ({
    type: 'instance.moved',
    data: { instance_id: ID, state: 'waiting', source, question: 'May it?' },
  });
  const begun = [instanceCreated(ID), taskCreated('1')] as const;
  const interrupted: Signal = { kind: 'failed', class: 'stopped', message: 'interrupted', ifAsking: 'What instead?' };
  const refusalOf = (...drafts: readonly EventDraft[]) =>
    signalFacts(stateOf(...drafts), ID, interrupted, 'hook').map(({ type, data }) => [
      type,
      'state' in data ? data.state : null,
    ]);

  test('an agent that gives up its turn because it was refused something asks what to do instead', () => {
    expect(refusalOf(...begun, started, waits('hook'))).toEqual([
      ['instance.moved', 'waiting'],
      ['alert.raised', null],
    ]);
  });

  test('the same where its terminal has shown in between that it goes on', () => {
    const goesOn: EventDraft = {
      type: 'instance.moved',
      data: { instance_id: ID, state: 'working', source: 'terminal' },
    };
    expect(refusalOf(...begun, started, waits('hook'), goesOn)[0]).toEqual(['instance.moved', 'waiting']);
    const later: EventDraft = { type: 'instance.moved', data: { instance_id: ID, state: 'working', source: 'hook' } };
    expect(refusalOf(...begun, started, waits('hook'), goesOn, later)[0]).toEqual(['run.failed', null]);
  });

  test('an interrupt of what it does, or of a question that no task stands behind, makes it idle', () => {
    const working: EventDraft = { type: 'instance.moved', data: { instance_id: ID, state: 'working', source: 'hook' } };
    expect(refusalOf(...begun, started, working)).toEqual([
      ['run.failed', null],
      ['alert.raised', null],
      ['instance.moved', 'idle'],
    ]);
    expect(refusalOf(...begun, waits('hook')).at(-1)).toEqual(['instance.moved', 'idle']);
  });

  test('the answer to a dialog of its start, read from its screen, makes it ready', () => {
    const ready = (...drafts: readonly EventDraft[]) =>
      signalFacts(stateOf(...drafts), ID, { kind: 'ready' }, 'screen').map(({ type }) => type);
    expect(ready(...begun, waits('screen'))).toEqual(['instance.moved']);
    expect(ready(...begun, waits('hook'))).toEqual([]);
    expect(ready(...begun, started, waits('screen'))).toEqual([]);
  });
});

test('at its limit an agent is to be waited for, unless another one that has room left may do its task', () => {
  const other = (id: string, agent: string): EventDraft => {
    const fact = instanceCreated(id) as Extract<EventDraft, { type: 'instance.created' }>;
    return { ...fact, data: { ...fact.data, agent } };
  };
  const limited: ResolvedSignal = { kind: 'limited', message: 'limit', until: '2026-11-20T09:02:00.000Z' };
  const suggested = (...more: readonly EventDraft[]) =>
    signalFacts(swarm(started, kind('working'), ...more), ID, limited, 'hook').flatMap(({ type, data }) =>
      type === 'alert.raised' ? [data.suggestion] : [],
    );
  const asked: EventDraft = { type: 'task.requested', data: { ids: ['1'], agent: 'codex' } };
  const until = { state: 'limited', source: 'hook', until: '2026-11-20T09:02:00.000Z' } as const;
  const starting: EventDraft = {
    type: 'instance.moved',
    data: { instance_id: 'c-2', state: 'starting', source: 'hook' },
  };
  const spent: EventDraft = { type: 'instance.moved', data: { instance_id: 'c-2', ...until } };
  expect(suggested()).toEqual([`show instance ${ID}`]);
  expect(suggested(asked, other('c-2', 'gemini'))).toEqual([`show instance ${ID}`]);
  expect(suggested(asked, other('c-2', 'codex'))).toEqual([`reassign tasks from ${ID}`]);
  expect(suggested(other('c-2', 'codex'), starting, spent)).toEqual([`show instance ${ID}`]);
});
