import { expect, test } from 'vitest';
import { answeringPanel } from '../../../src/tui/panels/answering.tsx';
import { model } from '../answering/open-question.ts';

test('the dialogue says who asks and since when', () => {
  const asked = model({});
  const { title, note } = answeringPanel.select(asked, answeringPanel.rect(asked)!);
  expect([...title, ...note].map(({ text }) => text)).toEqual(['? rehearsal-1 asks', '1m']);
});

test('an agent that is gone meanwhile has no time since when it asks', () => {
  const asked = model({});
  const gone = { ...asked, state: { ...asked.state, instances: {} } };
  expect(answeringPanel.select(gone, answeringPanel.rect(gone)!).note).toEqual([]);
});
