import { expect, test } from 'vitest';
import type { AppEvent } from '../../src/state/index.ts';
import { emptyState } from '../../src/state/index.ts';
import { eventText } from '../../src/text/event-text.ts';
import { type RunFact, runTold } from '../../src/text/run-told.ts';
import { messagesTab } from '../../src/tui/tabs/messages.ts';
import { tabContext, textOf } from '../tui/tabs/tab-context.ts';

const result = {
  ...{ head_commit: 'b', commits: 1, files: 1, insertions: 1, deletions: 0 },
  ...{ check_ms: 5, check_output: '' },
};
const at = '2026-01-01T00:00:00.000Z';
const facts = [
  { type: 'run.progressed', data: { id: 't1', progress: 40, note: 'halfway' } },
  { type: 'run.claimed', data: { id: 't1', summary: 'all of it' } },
  { type: 'run.verified', data: { id: 't1', result } },
  { type: 'run.verified', data: { id: 't1', result: { ...result, check_ms: 0 } } },
  { type: 'run.failed', data: { id: 't1', failure: { class: 'check', message: 'red' } } },
].map((fact, i) => ({ seq: i + 1, at, actor: 'r-1', corr: 'c', ...fact }) as AppEvent & RunFact);

test('an event about a run is told in the same words in the list of messages and where it is shown alone', () => {
  const unfolded = { isUnfolded: true };
  const [asked] = messagesTab.queries!(tabContext([], { own: unfolded }));
  const body = messagesTab.body(tabContext([], { answers: { [asked!.text]: facts }, own: unfolded }));
  const listed = textOf(body)[0]!.slice(1).toReversed();
  const told = facts.map((event) => runTold(event, emptyState));
  expect(told.map(({ what, text }) => [what, text])).toEqual([
    ['reports 40%', 'halfway'],
    ['reports done', 'all of it'],
    ['is verified', null],
    ['is done, unchecked', null],
    ['failed (check)', 'red'],
  ]);
  for (const [i, { what, text }] of told.entries()) {
    expect(listed[i]).toMatch(`t1 ${what}${text === null ? '' : `: ${text}`}`);
    expect(eventText(facts[i]!, emptyState, at)).toMatch(`kind:       ${what} (${facts[i]!.type})`);
  }
});
