import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Context } from '../../src/commands/define.ts';
import { commands } from '../../src/commands/index.ts';
import { failedActionFacts } from '../../src/daemon/actions/failed-action-facts.ts';
import { startsFact } from '../../src/daemon/actions/held-back.ts';
import { leftOutFacts } from '../../src/daemon/sandbox/furnish-home.ts';
import { sandboxFacts } from '../../src/daemon/sandbox/notes.ts';
import { blockedFacts, instanceAlert, taskAlert } from '../../src/daemon/signals/alert-facts.ts';
import { strayFacts } from '../../src/daemon/signals/contamination.ts';
import { endFacts, lossFacts } from '../../src/daemon/signals/end-facts.ts';
import { elsewhereFacts } from '../../src/daemon/signals/record-loss.ts';
import { requestFacts, signalFacts } from '../../src/daemon/signals/signal-facts.ts';
import { conflictFacts } from '../../src/daemon/watch/conflict-facts.ts';
import { idleRunFacts, unansweredFacts } from '../../src/daemon/watch/idle-runs.ts';
import { limitFacts } from '../../src/daemon/watch/resource-limits.ts';
import { harmFacts } from '../../src/daemon/watch/watch-audit.ts';
import { lossFacts as goneFacts } from '../../src/daemon/watch/watch-journal.ts';
import { FAILURE_CLASSES } from '../../src/state/failure-classes.ts';
import type { EventDraft, State } from '../../src/state/index.ts';
import type { InstanceStateName, Request } from '../../src/state/instances.ts';
import { auditTrail } from '../commands/watching/audit-trail.ts';
import { partOf } from '../helpers/context.ts';
import { openDesk } from '../helpers/desk.ts';
import { servicesWith } from '../helpers/services.ts';
import { stateOf } from '../state/fold.ts';
import { AT, instanceCreated, taskCreated } from '../state/story.ts';

const ID = 'rehearsal-1';
const OTHER = 'rehearsal-2';
const LATER = Date.parse(AT) + 3_600_000;
const later = (since: string): number => LATER - Date.parse(since);

const is = (state: InstanceStateName, more: { question?: string } = {}): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: ID, state, source: 'hook', ...more },
});
const start: EventDraft = { type: 'instance.started', data: { instance_id: ID, session: 's', pane: '%1', pid: 7 } };
const ready = [instanceCreated(ID), start, is('idle'), taskCreated('t1')];
const running: EventDraft[] = [
  ...ready,
  { type: 'task.assigned', data: { id: 't1', instance: ID, pinned: false, reason: 'x' } },
  { type: 'run.started', data: { id: 't1', instance: ID, branch: 'b', start_commit: 'c' } },
  is('working'),
];
const besideAnother: EventDraft[] = [
  ...[instanceCreated(OTHER), taskCreated('t2')],
  { type: 'run.started', data: { id: 't2', instance: OTHER, branch: 'b2', start_commit: 'c' } },
  ...running,
];
const asking = [...running, is('waiting', { question: 'May it push?' })];
const paused: EventDraft = { type: 'instance.paused', data: { instance_id: ID, evidence: 'x' } };
const blocked: EventDraft = { type: 'task.blocked', data: { id: 't1', reason: 'x' } };

const lost: EventDraft[] = [
  ...ready,
  {
    type: 'race.started',
    data: { id: 't1', winner_by: 'ask', mode: null, racers: [{ id: `t1@${ID}`, instance: ID, agent: 'rehearsal' }] },
  },
  { type: 'race.ended', data: { id: 't1', winner: null, reason: 'no racer passed' } },
  blocked,
];

/** What happened until the alert is raised, and the facts that raise it. */
type Scene = { readonly facts: readonly EventDraft[]; readonly raise: (state: State) => readonly EventDraft[] };

const scene = (facts: readonly EventDraft[], raise: Scene['raise']): Scene => ({ facts, raise });

/** An alert that is raised in the middle of an action: what it suggests is read where it is written. */
const writtenIn = (file: string, values: Readonly<Record<string, string>>, which = 0): Scene['raise'] => {
  const text = readFileSync(file, 'utf8');
  const templates = [...text.matchAll(/suggestion: (?:`(?<template>[^`]+)`|'(?<plain>[^']+)')/gu)].map(
    ({ groups }) => groups!['template'] ?? groups!['plain']!,
  );
  const suggestion = templates[which]!.replace(
    /\$\{(?:saidId\()?(?<name>[^})]+)\)?\}/gu,
    (_all, name: string) => values[name] ?? 'unknown',
  );
  const data = { id: file, severity: 'warning', text: 'x', suggestion, instance: null, task: null } as const;
  return () => [{ type: 'alert.raised', data }];
};

const use = { instance_id: ID, cpu_percent: 1, cpu_average: 1, memory_mb: 900, processes: 1, at: AT };
const beyond = (action: 'warn' | 'pause' | 'stop') => (state: State) =>
  limitFacts(state, use, { memory_mb: 1, cpu_ms: 1, action });
const acted = (action: 'pause' | 'stop'): EventDraft => (action === 'pause' ? paused : is('stopped'));

const failing =
  (kind: 'launch' | 'stop'): Scene['raise'] =>
  (state) =>
    failedActionFacts(servicesWith({}), state, { kind, instance: ID }, new Error('it broke'));

const met = (policy: 'warn' | 'pause') => (state: State) => {
  const files = [{ path: 'a', kind: 'contents', lines: [[], []] as [[], []] }];
  const found = { instances: [ID, OTHER] as [string, string], tasks: ['t1', 't2'] as [string, string], files };
  return conflictFacts(state, [found], { policy, tell: false, overlaps: false });
};

/** A request whose words are always the same, with options of its own. */
const optionsOf = (...labels: string[]): Request => ({
  ...{ ask: null, tool: 'Ask', subject: 'x', helper: null, question: 'Which?' },
  questions: [{ question: 'Which?', options: labels.map((label) => ({ label })) }],
});
const waitsWith = (...labels: string[]): EventDraft[] =>
  requestFacts(stateOf(...running), ID, [optionsOf(...labels)], 'hook');

const starting = (why: string) => (state: State) => [
  startsFact(state, { agent: 'rehearsal', times: 3, why, instance: ID }),
];

const ACTIONS = 'src/daemon/actions';
const SIGNALS = 'src/daemon/signals';
const WATCH = 'src/daemon/watch';
const HEART = 'src/daemon/health/heart.ts';
const SHUT_IN = 'src/daemon/sandbox/shut-in-check.ts';
const SALVAGE = 'src/state/store/salvage.ts';

/** Every file that raises alerts, how many kinds it raises, and each of them where its command is to be allowed. */
const RAISED: Readonly<Record<string, readonly [kinds: number, scenes: Readonly<Record<string, Scene>>]>> = {
  [`${ACTIONS}/end-race.ts`]: [
    1,
    { 'race that nobody won': scene(lost, writtenIn(`${ACTIONS}/end-race.ts`, { id: 't1' })) },
  ],
  [`${ACTIONS}/failed-action-facts.ts`]: [
    1,
    {
      'not started': scene([instanceCreated(ID)], failing('launch')),
      'not stopped': scene([...ready, is('stopping')], failing('stop')),
    },
  ],
  [`${ACTIONS}/pause-instance.ts`]: [
    2,
    {
      pause: scene(running, writtenIn(`${ACTIONS}/pause-instance.ts`, { id: ID })),
      'paused agent that cannot go on': scene(
        [...running, paused],
        writtenIn(`${ACTIONS}/pause-instance.ts`, { id: ID }, 1),
      ),
    },
  ],
  [`${ACTIONS}/start-task.ts`]: [
    1,
    { blocked: scene([...ready, blocked], writtenIn(`${ACTIONS}/start-task.ts`, { taskId: 't1' })) },
  ],
  [`${ACTIONS}/type-line.ts`]: [1, { typing: scene(running, writtenIn(`${ACTIONS}/type-line.ts`, { id: ID })) }],
  'src/daemon/adapters.ts': [1, { 'slow pattern': scene(ready, writtenIn('src/daemon/adapters.ts', {})) }],
  'src/daemon/sandbox/furnish-home.ts': [
    1,
    {
      'home that lacks something': scene(running, (state) =>
        leftOutFacts(state, 'claude', {
          all: [{ path: '~/.claude/plugins', named: '~/.claude/plugins', why: 'x' }],
          read: [],
        }),
      ),
    },
  ],
  'src/daemon/sandbox/notes.ts': [
    1,
    {
      'sandbox that is missing': scene(running, (state) =>
        sandboxFacts(state, ID, [{ severity: 'warning', text: 'bwrap is not installed' }]),
      ),
      'sandbox that keeps an agent from its model': scene(running, (state) =>
        sandboxFacts(state, ID, [
          { severity: 'warning', text: 'x', suggestion: 'set config sandbox.network allow-list' },
        ]),
      ),
    },
  ],
  [`${SIGNALS}/alert-facts.ts`]: [
    2,
    {
      ...Object.fromEntries(
        FAILURE_CLASSES.map((kind) => [
          `run that failed by ${kind}`,
          scene(
            [
              ...running,
              { type: 'run.failed', data: { id: 't1', failure: { class: kind, message: 'x' } } },
              is('idle'),
            ],
            () => [taskAlert('t1', { class: kind, message: 'x' }, ID)],
          ),
        ]),
      ),
      'task that could not be begun': scene([...ready, blocked], () =>
        blockedFacts('t1', { class: 'drover', message: 'x' }, null),
      ),
      crash: scene(running, (state) => endFacts(state, ID, { code: 1, signal: null, oneShot: false })),
      loss: scene(running, (state) => lossFacts(state, ID)),
      hang: scene([...running, is('stuck')], () => [instanceAlert(ID, 'it hangs', { about: 'stuck' })]),
    },
  ],
  [`${SIGNALS}/contamination.ts`]: [
    1,
    {
      'with a task': scene(running, (state) => strayFacts(state, ID, '/x')),
      'without a task': scene(ready, (state) => strayFacts(state, ID, '/x')),
    },
  ],
  [`${SIGNALS}/end-facts.ts`]: [
    1,
    { quit: scene(running, (state) => endFacts(state, ID, { code: 0, signal: null, oneShot: false })) },
  ],
  [`${SIGNALS}/record-loss.ts`]: [
    2,
    {
      'server gone': scene([...ready, is('lost')], writtenIn(`${SIGNALS}/record-loss.ts`, {})),
      'backup restored': scene([...ready, is('lost')], writtenIn(`${SIGNALS}/record-loss.ts`, {})),
      elsewhere: scene(running, (state) => elsewhereFacts(state, ID)),
    },
  ],
  [`${SIGNALS}/signal-facts.ts`]: [
    4,
    {
      question: scene(running, (state) => signalFacts(state, ID, { kind: 'waiting', question: 'Which?' }, 'hook')),
      'dialog of its start': scene([instanceCreated(ID), start], (state) =>
        signalFacts(state, ID, { kind: 'waiting', question: 'Trust?' }, 'screen'),
      ),
      dialog: scene(ready, (state) =>
        signalFacts(state, ID, { kind: 'waiting', question: 'Trust?', attach: true }, 'screen'),
      ),
      request: scene(running, (state) =>
        requestFacts(state, ID, [{ ask: null, tool: 'Bash', subject: 'x', helper: null, question: 'May it?' }], 'hook'),
      ),
      'request behind the same words': scene([...running, ...waitsWith('Plain')], (state) =>
        requestFacts(state, ID, [optionsOf('Big; wide')], 'hook'),
      ),
      turn: scene([...ready, is('working')], (state) =>
        signalFacts(state, ID, { kind: 'failed', class: 'overloaded', message: 'x' }, 'hook'),
      ),
      limit: scene(running, (state) => signalFacts(state, ID, { kind: 'limited', message: 'x', until: AT }, 'hook')),
      'limit where another may go on': scene(besideAnother, (state) =>
        signalFacts(state, ID, { kind: 'limited', message: 'x', until: AT }, 'hook'),
      ),
      'limit without a task': scene([...ready, is('working')], (state) =>
        signalFacts(state, ID, { kind: 'limited', message: 'x', until: AT }, 'hook'),
      ),
    },
  ],
  [`${ACTIONS}/held-back.ts`]: [
    1,
    {
      'starts that failed': scene(ready, starting('ended with 3')),
      'starts that failed for want of a login': scene(ready, starting('It needs login: attach to it.')),
    },
  ],
  [`${SIGNALS}/take-request.ts`]: [
    1,
    { 'rule without effect': scene(asking, writtenIn(`${SIGNALS}/take-request.ts`, { id: ID })) },
  ],
  [`${WATCH}/conflict-facts.ts`]: [
    1,
    {
      'conflict that is foreseen': scene(besideAnother, met('warn')),
      'conflict for which one is paused': scene(besideAnother, (state) => [...met('pause')(state), paused]),
    },
  ],
  [`${WATCH}/halts.ts`]: [1, { frozen: scene([...running, paused], writtenIn(`${WATCH}/halts.ts`, { id: ID })) }],
  [`${WATCH}/idle-runs.ts`]: [
    2,
    {
      interrupted: scene([...running, is('idle')], (state) => idleRunFacts(state, later)),
      unanswered: scene(asking, (state) => unansweredFacts(state, later, 1)),
    },
  ],
  [`${WATCH}/resource-limits.ts`]: [
    1,
    {
      'a runaway that is warned of': scene(running, beyond('warn')),
      'a runaway that is paused': scene(running, (state) => [...beyond('pause')(state), acted('pause')]),
      'a runaway that is stopped': scene(ready, (state) => [...beyond('stop')(state), acted('stop')]),
    },
  ],
  [HEART]: [1, { 'daemon that ends again and again': scene(ready, writtenIn(HEART, {})) }],
  [SHUT_IN]: [1, { 'machine without a sandbox': scene(ready, writtenIn(SHUT_IN, { key: 'sandbox.checks' })) }],
  [SALVAGE]: [1, { 'repaired journal': scene(ready, writtenIn(SALVAGE, {})) }],
  [`${WATCH}/follow-record.ts`]: [
    1,
    { 'missing record': scene(running, writtenIn(`${WATCH}/follow-record.ts`, { id: ID })) },
  ],
  [`${WATCH}/watch-journal.ts`]: [1, { 'lost events': scene(ready, () => goneFacts(['one is gone'])) }],
  [`${WATCH}/watch-audit.ts`]: [1, { 'harmed audit': scene(ready, () => harmFacts('record 1 is missing')) }],
  [`${WATCH}/watch-orphans.ts`]: [1, { orphans: scene(ready, writtenIn(`${WATCH}/watch-orphans.ts`, {})) }],
  [`${WATCH}/watch-strangers.ts`]: [
    1,
    { 'agent that nobody knows': scene(ready, writtenIn(`${WATCH}/watch-strangers.ts`, {}, 2)) },
  ],
  [`${WATCH}/watch-settings.ts`]: [
    3,
    {
      'repository that nobody trusts': scene(ready, writtenIn(`${WATCH}/watch-settings.ts`, {})),
      'outdated setting': scene(ready, writtenIn(`${WATCH}/watch-settings.ts`, {}, 1)),
      'broken file': scene(ready, writtenIn(`${WATCH}/watch-settings.ts`, {}, 2)),
    },
  ],
};

/** Files whose alerts suggest what cannot be said to a state in memory; their own tests run it. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'src/daemon/actions/check-out-branch.ts': 'test/daemon/bad-worktree.real.test.ts',
  'src/daemon/actions/tell-lacking.ts': 'test/daemon/actions/tell-lacking.test.ts',
  'src/daemon/actions/what-stays.ts': 'test/daemon/bad-worktree.real.test.ts',
  'src/daemon/integration/merge-returned.ts': 'test/daemon/integration/merge-returned.test.ts',
  'src/daemon/integration/send-back.ts': 'test/daemon/integration/send-back.real.test.ts',
  'src/daemon/integration/set-aside.ts': 'test/daemon/integration/merge-batch.real.test.ts',
  'src/daemon/sandbox/kept-from.ts': 'test/daemon/sandbox/ways-out.test.ts',
  'src/daemon/integration/rollback-batch.ts': 'test/commands/git/rollback-integration.real.test.ts',
  [`${WATCH}/watch-disk.ts`]: 'test/daemon/degraded.real.test.ts',
  [`${WATCH}/watch-memory.ts`]: 'test/daemon/degraded.real.test.ts',
  [`${WATCH}/watch-plans.ts`]: 'test/daemon/watch/watch-plans.real.test.ts',
  [`${WATCH}/watch-refs.ts`]: 'test/daemon/guard.real.test.ts',
  'src/state/budgets.ts': 'test/commands/watching/report-usage.real.test.ts',
};

test('what is shown elsewhere is shown there', () => {
  for (const file of Object.values(ELSEWHERE)) expect(readFileSync(file, 'utf8')).toContain('suggestion');
});

/** Files whose alerts tell of what no command mends. */
const BEYOND_HELP: readonly string[] = [
  'src/daemon/actions/end-session-of.ts',
  'src/daemon/actions/left-behind.ts',
  'src/daemon/actions/tell-kept.ts',
  'src/daemon/integration/integration-worktree.ts',
  'src/daemon/integration/take-back-deliveries.ts',
  `${WATCH}/tmux-visibility.ts`,
];

const raisedIn = (text: string): number => [...text.matchAll(/type: 'alert\.raised'/gu)].length;

test('[REC-7] every place that raises an alert is known here', () => {
  const found = ['src/daemon', 'src/state']
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => `${folder}/${String(name)}`))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name, raisedIn(readFileSync(name, 'utf8'))] as const)
    .filter(([name, count]) => count > 0 && !Object.hasOwn(ELSEWHERE, name) && !BEYOND_HELP.includes(name));
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(Object.entries(RAISED).map(([name, [kinds]]) => [name, kinds])),
  );
});

const session = {
  ...{ session: 's', droverId: `k/${ID}`, created: AT, activity: AT, cols: 80, rows: 24, windows: [], clients: [] },
};

const scenes = Object.entries(RAISED).flatMap(([, [, all]]) => Object.entries(all));

test.each(scenes)(
  '[REC-7] the alert about a %s suggests a command that is allowed then',
  async (_name, { facts, raise }) => {
    const raised = raise(stateOf(...facts));
    const alert = raised.find((fact) => fact.type === 'alert.raised')!;
    const { suggestion } = alert.data as { suggestion: string | null };
    expect(suggestion).toEqual(expect.any(String));
    const desk = openDesk(commands, [...facts, ...raised], {
      typeLine: async () => undefined,
      giveAnswer: async () => ({ confirmed: true }),
      signal: new AbortController().signal,
      // What is begun is over at once.
      reacting: (state) => {
        const one = state.instances[ID]!;
        if (one.hold === 'pausing') return [paused];
        if (one.hold === 'resuming') return [{ type: 'instance.resumed', data: { instance_id: ID, evidence: 'x' } }];
        if (one.state.kind === 'creating') return [start, is('idle')];
        return one.state.kind === 'stopping' ? [is('stopped')] : [];
      },
      agents: {
        found: async () => [],
        assertStartable: async () => undefined,
        workers: async () => [],
        assertRoom: async () => undefined,
        firstQuestion: async () => null,
      },
      resources: () => [],
      readTimedLog: async () => [],
      lives: () => [],
      radar: { now: () => [], looks: () => new Map(), examine: async () => [] },
      audit: auditTrail(),
      trust: partOf<Context['trust']>({ review: async () => undefined }),
      configuration: { layers: [], files: { project: '/p', user: '/u' }, change: async () => false },
      paths: partOf<Context['paths']>({ key: 'k' }),
      tmux: partOf<Context['tmux']>({ sessions: async () => [session], sessionNames: async () => ['s'] }),
    });
    const reply = await desk.propose(suggestion!);
    // Confirmed or not: it is understood, about something that is there, and allowed now.
    expect([suggestion, reply.exit, reply.message]).toEqual([suggestion, expect.toBeOneOf([0, 5]), expect.any(String)]);
  },
);

const suggestedFor = (facts: readonly EventDraft[], raise: Scene['raise']): unknown =>
  raise(stateOf(...facts)).flatMap((fact) => (fact.type === 'alert.raised' ? [fact.data.suggestion] : []));

test('a yes is suggested where no more than that is asked, an answer where words are, the terminal where both are not enough', () => {
  const request = { ask: null, tool: 'Bash', subject: 'x', helper: null, question: 'May it?' };
  const inTerminal = { kind: 'waiting', question: 'Log in?', attach: true } as const;
  const dialog = { kind: 'waiting', question: 'Trust?' } as const;
  const leave = { kind: 'waiting', question: 'Shall I go on?' } as const;
  const numbered = { kind: 'waiting', question: 'Which way? 1) by hand 2) by rule' } as const;
  const style = { question: 'Which style?', options: [{ label: 'Plain' }, { label: 'Rich' }] };
  const size = { question: 'Which size?', options: [{ label: 'Big; wide' }, { label: 'Small' }] };
  const open = { question: 'Which port?', options: [] };
  const first = [instanceCreated(ID), start];
  expect([
    suggestedFor(running, (state) => requestFacts(state, ID, [request], 'hook')),
    suggestedFor(running, (state) => requestFacts(state, ID, [{ ...request, questions: [{}] }], 'hook')),
    suggestedFor(running, (state) => requestFacts(state, ID, [{ ...request, questions: [style, size] }], 'hook')),
    suggestedFor(running, (state) => requestFacts(state, ID, [{ ...request, questions: [style] }], 'hook')),
    suggestedFor(running, (state) => requestFacts(state, ID, [{ ...request, questions: [open] }], 'hook')),
    suggestedFor(running, (state) => signalFacts(state, ID, numbered, 'hook')),
    suggestedFor(running, (state) => signalFacts(state, ID, leave, 'hook')),
    suggestedFor(running, (state) => signalFacts(state, ID, dialog, 'hook')),
    suggestedFor(running, (state) => signalFacts(state, ID, dialog, 'screen')),
    suggestedFor(first, (state) => signalFacts(state, ID, dialog, 'screen')),
    suggestedFor(first, (state) => signalFacts(state, ID, inTerminal, 'screen')),
  ]).toEqual([
    [`approve ${ID}`],
    [`answer ${ID} "yes"`],
    [`answer ${ID} "Plain; 1"`],
    [`answer ${ID} "Plain"`],
    [`answer ${ID} "…"`],
    [`answer ${ID} "1"`],
    [`answer ${ID} "yes"`],
    [`answer ${ID} "…"`],
    [`answer ${ID} "…"`],
    [`approve ${ID}`],
    [`attach instance ${ID}`],
  ]);
});

test('what is suggested is for the request that waits first by now, also behind the same words', () => {
  const { questions: _, ...request } = optionsOf();
  const asks = (requests: readonly Request[], before: readonly EventDraft[] = running): EventDraft[] => [
    ...before,
    ...requestFacts(stateOf(...before), ID, [...requests], 'hook'),
  ];
  const [plain, other] = [optionsOf('Plain', 'Rich'), optionsOf('Big', 'Small')];
  const helpAfter = (...steps: (readonly Request[])[]): unknown => {
    const facts = steps.reduce<readonly EventDraft[]>((before, requests) => asks(requests, before), running);
    return stateOf(...facts).alerts[`waiting:${ID}`]?.suggestion;
  };
  expect([
    helpAfter([plain, other]),
    helpAfter([plain, other], [other]),
    helpAfter([plain], [request]),
    helpAfter([request], [plain]),
    helpAfter([plain], [plain, other]),
  ]).toEqual([
    `answer ${ID} "Plain"`,
    `answer ${ID} "Big"`,
    `approve ${ID}`,
    `answer ${ID} "Plain"`,
    `answer ${ID} "Plain"`,
  ]);
  // What stands as it was is not raised again, and neither is an alert that a person dismissed.
  const raised = (facts: readonly EventDraft[], requests: Request[]): unknown =>
    suggestedFor(facts, (state) => requestFacts(state, ID, requests, 'hook'));
  const dismissed: EventDraft = { type: 'alert.cleared', data: { id: `waiting:${ID}`, because: 'dismissed' } };
  expect([raised(asks([plain]), [plain, other]), raised([...asks([plain]), dismissed], [other])]).toEqual([[], []]);
});

test('a reminder that nobody has answered suggests what helps with the request of now', () => {
  const first = [...running, ...waitsWith('Plain')];
  const reminded = [...first, ...unansweredFacts(stateOf(...first), later, 1)];
  const next = [...reminded, ...requestFacts(stateOf(...reminded), ID, [optionsOf('Big')], 'hook')];
  expect(stateOf(...next).alerts[`unanswered:${ID}`]?.suggestion).toBe(`answer ${ID} "Big"`);
});
