import { expect, test } from 'vitest';
import { understand } from '../../../src/commands/dispatch.ts';
import { commands } from '../../../src/commands/index.ts';
import { unchangedFacts } from '../../../src/daemon/integration/merge-returned.ts';
import { emptyState, type State } from '../../../src/state/index.ts';
import { languageOf } from '../../helpers/desk.ts';

/** A task that went back from a batch and is done again, with the alert that it went. */
const cameBack = (reason: string, head: string, severity = 'info'): State => {
  const run = { instance: 'a-1', result: { head_commit: head } };
  const aside = {
    task: 't1',
    reason,
    message: 'it does not fit',
    files: [],
    commit: 'c1',
    sent_back: { round: 1, to: 'a-1' },
  };
  return {
    ...emptyState,
    tasks: { t1: { id: 't1', state: 'done', batch: null, run } },
    batches: { 'batch-1': { id: 'batch-1', merged: [], set_aside: [aside] } },
    alerts: { 'aside:t1': { id: 'aside:t1', severity } },
  } as unknown as State;
};

test.each([
  ['conflict', 'show conflict t1'],
  ['gate', 'review task t1'],
])(
  'work that went back for a %s and came as it was is told of once, with a suggestion that can be said',
  (reason, suggestion) => {
    const [fact, ...more] = unchangedFacts(cameBack(reason, 'c1'));
    const text = 't1 came back from a-1 as it was: it does not fit';
    expect([fact, more]).toMatchObject([{ data: { id: 'aside:t1', severity: 'warning', text, suggestion } }, []]);
    expect(understand(languageOf(commands), { text: suggestion }).command.noun).toBe(suggestion.split(' ')[1]);
    expect(unchangedFacts(cameBack(reason, 'c1', 'warning'))).toEqual([]);
    expect(unchangedFacts(cameBack(reason, 'c2'))).toEqual([]);
  },
);
