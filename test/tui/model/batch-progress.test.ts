import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { batchProgress, batchUnderWay } from '../../../src/text/batch-progress.ts';
import { NOW, reply, stateOf, threeAgents } from '../fake-swarm.ts';
import { initialScreen } from '../../../src/tui/model/screen-state.ts';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import { promptMessage } from '../../../src/tui/prompt/prompt-message.ts';
import { drawPanel, modelOf } from '../panels/draw-panel.ts';

const begun: readonly EventDraft[] = [
  ...threeAgents,
  {
    type: 'batch.started',
    data: { id: 'batch-3', target: 'drover/integration', base_commit: 'a', tasks: ['t7', 't8', 't40'] },
  },
  { type: 'batch.merged', data: { id: 'batch-3', task: 't7', branch: 'b', commit: 'c' } },
];
const stepped = (kind: 'wait' | 'gate' | 'deliver', gate: string | null): EventDraft => ({
  type: 'batch.stepped',
  data: { id: 'batch-3', kind, task: 't40', gate },
});

const progress = (...more: readonly EventDraft[]) =>
  batchProgress(batchUnderWay(stateOf([...begun, ...more]).batches)!, NOW);

test('[TUI-6] a merge says how far it is, at which task, and how long its check runs', () => {
  expect(progress()).toEqual(['merging 1/3 · t8', '1/3']);
  expect(progress(stepped('gate', 'merge'))[0]).toBe('merging 1/3 · t40 · check 1m 5s');
  expect(progress(stepped('gate', 'lint'))[0]).toBe('merging 1/3 · t40 · lint 1m 5s');
  expect(progress(stepped('wait', 'lint'))[0]).toBe('merging 1/3 · t40 · waits for its turn 1m 5s');
  const back: EventDraft = {
    type: 'batch.rollback_started',
    data: { id: 'batch-3', method: 'reset', from_commit: 'a', to_commit: 'b' },
  };
  expect(progress(back)).toEqual(['rolling batch-3 back', 'batch-3 back']);
});

test('[TUI-6] a branch that is brought forward is named, and no count of merges that there are none of', () => {
  const started = (tasks: readonly string[]): EventDraft => ({
    type: 'batch.started',
    data: { id: 'batch-4', target: 'drover/integration', base_commit: 'a', tasks: [...tasks], deliver_to: 'main' },
  });
  const step = (kind: 'gate' | 'deliver'): EventDraft => ({
    type: 'batch.stepped',
    data: { id: 'batch-4', kind, task: null, gate: kind === 'gate' ? 'merge' : null },
  });
  const at = (...drafts: readonly EventDraft[]) =>
    batchProgress(batchUnderWay(stateOf([...threeAgents, ...drafts]).batches)!, NOW);
  expect(at(started([]))).toEqual(['delivering to main', 'to main']);
  expect(at(started([]), step('gate'))[0]).toBe('delivering to main · check 1m 5s');
  expect(at(started([]), step('deliver'))[0]).toBe('delivering to main · 1m 5s');
  // With tasks it merges first.
  expect(at(started(['t7']))[0]).toBe('merging 0/1 · t7');
  expect(at(started(['t7']), step('deliver'))[0]).toBe('delivering to main · 1m 5s');
});

test('[TUI-6] the header shows the merge that runs, on a narrow screen its numbers alone', () => {
  const header = (columns: number) =>
    drawPanel('header', modelOf([...begun, stepped('gate', 'merge')], {}, { columns, rows: 30 }));
  expect(header(140)).toContain('⇄ merging 1/3 · t40 · check 1m 5s');
  expect(header(66)).toContain('⇄ 1/3');
  expect(drawPanel('header', modelOf([...begun, { type: 'batch.finished', data: { id: 'batch-3' } }]))).not.toContain(
    '⇄',
  );
});

const waiting = (drafts: readonly EventDraft[], ...commands: readonly string[]) => {
  const model = modelOf(drafts);
  const screen = commands.reduce(
    (before, command) => reduceScreen(before, { kind: 'asked', command }, model.now - 4200),
    model.screen,
  );
  return promptMessage({ ...model, screen }, 100)
    .flat()
    .map(({ text }) => text)
    .join('');
};

test('where there is little room the way to stop it stays', () => {
  const model = modelOf([...begun, stepped('gate', 'a-gate-of-a-long-name')]);
  const [first = []] = promptMessage(model, 60);
  expect(first.map(({ text }) => text).join('')).toBe('  ⇄ batch-3: 1/3   cancel integration batch-3 stops it');
});

const MERGING = '  ⇄ batch-3: merging 1/3 · t8   cancel integration batch-3 stops it';

test('[TUI-6] who waits for a merge is told how to stop it', () => {
  expect(waiting(begun, 'merge completed branches')).toBe(MERGING);
  const cancelled: EventDraft = { type: 'batch.cancelled', data: { id: 'batch-3', by: 'a' } };
  expect(waiting([...begun, cancelled], 'merge completed branches')).toBe('  ⇄ batch-3: merging 1/3 · t8');
});

test('a screen that has not begun a merge tells as well how far it is and how to stop it', () => {
  expect(waiting(begun)).toBe(MERGING);
  expect(waiting(threeAgents)).toBe('');
});

test('who waits for another command is told for which, and for how long', () => {
  expect(waiting(threeAgents, 'launch 10 instances')).toBe('  … launch 10 instances, 4s');
  expect(waiting(threeAgents, 'launch 10 instances', 'stop all agents')).toBe(
    '  … launch 10 instances, 4s, and 1 more',
  );
  expect(waiting(begun, 'launch 10 instances')).toBe(`  … launch 10 instances, 4s ${MERGING}`);
});

test('what was done in part is a warning and no failure', () => {
  const said = (sideEffects: string[]) =>
    reduceScreen(initialScreen([]), {
      kind: 'replied',
      command: 'merge completed branches',
      reply: { ...reply({ message: 'batch-3: 170 merged, 1 set aside.' }), exit: 6, sideEffects },
    }).commands.message?.tone;
  expect(said(['drover/integration moved to abc'])).toBe('warning');
  expect(said([])).toBe('error');
});
