import { expect, test } from 'vitest';
import { answeringPanel } from '../../../src/tui/panels/answering.tsx';
import { stateOf, task } from '../fake-swarm.ts';
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

test('the dialogue names the task that the question is about', () => {
  const asked = model({});
  const [one] = Object.values(asked.state.instances);
  const instances = { [one!.instance_id]: { ...one!, task_assignments: ['t4'] } };
  const { t4 } = stateOf([task('t4', 'Ask which port')]).tasks;
  const named = { ...asked, state: { ...asked.state, instances, tasks: { t4: t4! } } };
  const { title } = answeringPanel.select(named, answeringPanel.rect(named)!);
  expect(title.map(({ text }) => text).join('')).toBe('? rehearsal-1 asks · t4 Ask which port');
});
