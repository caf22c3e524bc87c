import { expect, test } from 'vitest';
import { deliveryQueries, makeSurroundings } from '../../../src/tui/model/surroundings-now.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import type { Surroundings } from '../../../src/attention/step.ts';
import { attentionOf } from '../../../src/attention/attention.ts';
import type { QueryAnswers } from '../../../src/tui/tabs/tab.ts';
import { reply } from '../fake-swarm.ts';
import { after, begin, created, started, verified } from '../../tasks/journal.ts';

const NONE: QueryAnswers = new Map();

test('what there is to deliver is asked for anew when a batch has ended, or a branch was brought up to date', () => {
  const done = begin(created('1'), started('1', 'a-1'), verified('1'));
  expect(deliveryQueries(done, NONE)).toEqual([]);
  const merged = after(
    done,
    { type: 'batch.started', data: { id: 'batch-1', target: 'i', base_commit: 'c', tasks: ['1'] } },
    { type: 'batch.merged', data: { id: 'batch-1', task: '1', branch: 'b', commit: 'c1' } },
    { type: 'batch.finished', data: { id: 'batch-1' } },
  );
  const synced = after(merged, {
    type: 'command.finished',
    data: { id: 'c1', text: 'sync branch drover/integration', verb: 'sync', noun: 'branch', exit: 0, message: 'Done.' },
  });
  const [before, behind] = [merged, synced].map((state) => deliveryQueries(state, NONE)[0]?.basis);
  expect(before).toBeDefined();
  expect(behind).not.toBe(before);
});

test('it is asked as well when all that was merged is taken back, or a batch has merged nothing', () => {
  const done = begin(created('1'), started('1', 'a-1'), verified('1'));
  const begun = after(done, {
    type: 'batch.started',
    data: { id: 'batch-1', target: 'i', base_commit: 'c0', tasks: ['1'] },
  });
  expect(deliveryQueries(begun, NONE)).toEqual([]);
  const ended = after(begun, { type: 'batch.finished', data: { id: 'batch-1' } });
  expect(deliveryQueries(ended, NONE)).toHaveLength(1);
  const back = after(
    ended,
    { type: 'batch.rollback_started', data: { id: 'batch-1', method: 'reset', from_commit: 'c1', to_commit: 'c0' } },
    { type: 'batch.rolled_back', data: { id: 'batch-1' } },
  );
  expect(deliveryQueries(back, NONE)).toHaveLength(1);
});

test('what was to be delivered before a batch ended is not told any more, until the answer comes that knows of it', () => {
  const done = begin(created('1'), started('1', 'a-1'), verified('1'));
  const start = (id: string): EventDraft => ({
    type: 'batch.started',
    data: { id, target: 'i', base_commit: 'c', tasks: ['1'] },
  });
  const before = after(
    done,
    start('batch-1'),
    { type: 'batch.merged', data: { id: 'batch-1', task: '1', branch: 'b', commit: 'c1' } },
    { type: 'batch.finished', data: { id: 'batch-1' } },
  );
  const behind = after(before, start('batch-2'), { type: 'batch.finished', data: { id: 'batch-2' } });
  const delivery = { branch: 'main', commits: 1, own: 0, integration: 'i' };
  const place = { specs: [] } as unknown as Surroundings;
  const surroundings = makeSurroundings(() => place);
  const [query] = deliveryQueries(before, NONE);
  const answers = new Map([[query!.text, { ...reply({ data: { delivery } }), basis: query!.basis }]]);
  expect(surroundings(before, answers)?.delivery).toEqual(delivery);
  expect(surroundings(behind, answers)?.delivery).toBeNull();
  // Nothing is proposed meanwhile that the answer would take back.
  const offers = (known: Surroundings | null) => attentionOf(behind, known).work.map(({ kind }) => kind);
  expect(offers(surroundings(behind, new Map()))).toEqual([]);
  expect(offers(surroundings(behind, answers))).toEqual([]);
  const [anew] = deliveryQueries(behind, NONE);
  const later = new Map([[anew!.text, { ...reply({ data: { delivery: null } }), basis: anew!.basis }]]);
  expect(surroundings(behind, later)?.delivery).toBeNull();
  expect(offers(surroundings(behind, later))).toEqual(['create']);
});

test('while something is to be delivered it is asked every few seconds whether a file is in the way by now', () => {
  const state = after(
    begin(created('1'), started('1', 'a-1'), verified('1')),
    { type: 'batch.started', data: { id: 'batch-1', target: 'i', base_commit: 'c', tasks: ['1'] } },
    { type: 'batch.merged', data: { id: 'batch-1', task: '1', branch: 'b', commit: 'c1' } },
    { type: 'batch.finished', data: { id: 'batch-1' } },
  );
  const every = (answers: QueryAnswers) => deliveryQueries(state, answers)[0]!.everyMs;
  const delivery = { branch: 'main', commits: 1, own: 0, integration: 'i' };
  const answered = (data: object): QueryAnswers => new Map([['status git', reply({ data })]]);
  expect([every(NONE), every(answered({ delivery: null })), every(answered({ delivery }))]).toEqual([
    15_000, 15_000, 3000,
  ]);
});
