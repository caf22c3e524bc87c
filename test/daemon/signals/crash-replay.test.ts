import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Signal } from '../../../src/agents/adapter.ts';
import { adapterFor } from '../../../src/agents/index.ts';
import { endFacts } from '../../../src/daemon/signals/end-facts.ts';
import { isRequest, requestOf } from '../../../src/daemon/signals/open-requests.ts';
import { requestFacts, type SignalSource, signalFacts } from '../../../src/daemon/signals/signal-facts.ts';
import { withLimitEnd } from '../../../src/daemon/signals/take-message.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import type { InstanceStateName } from '../../../src/state/instances.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { stateOf } from '../../state/fold.ts';
import { AT, instanceCreated, taskCreated } from '../../state/story.ts';

const settings = settingsSchema.parse({});

/** The messages of the hooks of a program, as they were recorded of the real one, as what they mean. */
const recordedSignals = (agent: string, recording: string): readonly Signal[] =>
  readFileSync(`test/fixtures/hooks/${recording}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .flatMap((line) => adapterFor(agent, settings).readHook(JSON.parse(line)) ?? []);

/** What the pane of a program that has ended still shows, and what else may be taken for a sign of life. */
const AFTERGLOW: readonly (readonly [Signal, SignalSource])[] = [
  [{ kind: 'ready' }, 'screen'],
  [{ kind: 'ready', early: true }, 'hook'],
  [{ kind: 'rests' }, 'screen'],
  [{ kind: 'working' }, 'terminal'],
  [{ kind: 'working' }, 'register'],
  [{ kind: 'waiting', question: 'Go on?' }, 'screen'],
];

const kind = (id: string, state: InstanceStateName): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: id, state, source: 'drover' },
});
const start = (id: string): EventDraft[] => [
  kind(id, 'creating'),
  { type: 'instance.started', data: { instance_id: id, session: 's', pane: '%1', pid: 7 } },
];
const run = (id: string): EventDraft[] => [
  taskCreated('1'),
  { type: 'run.started', data: { id: '1', instance: id, branch: 'b', start_commit: 'c' } },
  kind(id, 'working'),
];

/** What was recorded, and what follows from it. */
const openTale = (id: string, begun: readonly EventDraft[]) => {
  const told = [...begun];
  const now = (): State => stateOf(...told);
  const add = (facts: (state: State) => readonly EventDraft[]): State => {
    told.push(...facts(now()));
    return now();
  };
  const hear = (signal: Signal, source: SignalSource = 'hook'): State =>
    add((state) =>
      isRequest(signal)
        ? requestFacts(state, id, [requestOf(signal, null)], source)
        : signalFacts(state, id, withLimitEnd(signal, AT, 1000), source),
    );
  return { now, add, hear };
};

const recovery = { rules: { tries: 3, backoffMs: 100, moves: 1 }, later: (ms: number) => `in ${ms} ms` };

const agents = [
  ['codex', 'codex-0.169'],
  ['opencode', 'opencode-1.18'],
  ['claude', 'claude-2.1.328'],
] as const;

const cases = agents.flatMap(([agent, recording]) =>
  (['a task', 'no task'] as const).map((work) => [agent, work, recording] as const),
);

test.each(cases)(
  '[REC-1] a crash of %s with %s is an alert after whichever message, until it works again',
  (agent, work, recording) => {
    const id = `${agent}-1`;
    const signals = recordedSignals(agent, recording);
    expect(signals.length).toBeGreaterThan(4);
    for (let heard = 0; heard <= signals.length; heard += 1) {
      const tale = openTale(id, [
        instanceCreated(id),
        ...start(id),
        kind(id, 'idle'),
        ...(work === 'a task' ? run(id) : []),
      ]);
      for (const signal of signals.slice(0, heard)) tale.hear(signal);
      const alert = (state: State) => state.alerts[`instance:${id}`]?.text;
      const crashed = tale.add((state) =>
        endFacts(state, id, { code: null, signal: 'SIGSEGV', oneShot: false }, recovery),
      );
      const text = alert(crashed);
      expect([heard, text]).toEqual([heard, expect.stringContaining(`${id} crashed: its program ended by SIGSEGV`)]);
      const later = [...signals.slice(heard).map((signal) => [signal, 'hook'] as const), ...AFTERGLOW];
      for (const [signal, source] of later) {
        const after = tale.hear(signal, source);
        expect([heard, signal.kind, source, alert(after), after.instances[id]!.state.kind]).toEqual([
          ...[heard, signal.kind, source, text, 'failed'],
        ]);
      }
      // It is started again: that it was is not that it works.
      expect(alert(tale.add(() => start(id)))).toBe(text);
      expect(alert(tale.hear({ kind: 'ready', conversation: 'c' }))).toBeUndefined();
    }
  },
);
