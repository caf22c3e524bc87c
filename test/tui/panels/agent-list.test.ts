import { expect, test } from 'vitest';
import { many, moved, started, task } from '../fake-swarm.ts';
import { drawPanel, modelOf } from './draw-panel.ts';

test('the list names every agent with its state, and the one whose pane is large stands out', () => {
  const facts = [...many(10), moved('rehearsal-2', 'waiting', 'May I?'), moved('rehearsal-3', 'working')];
  const list = drawPanel(
    'agent-list',
    modelOf(facts, { panes: { arrangement: 'list', selected: 'rehearsal-3' } }, { columns: 90, rows: 40 }),
  );
  expect(list).toContain(' 10 agents');
  expect(list).toMatch(/ ■ rehearsal-2 \? +waiting/);
  expect(list).toMatch(/ ▶ rehearsal-3 ● +working/);
  expect(list?.split('\n')).toHaveLength(21);
  const [, , first = ''] = list?.split('\n') ?? [];
  expect(first).toBe('   no task');
  expect(list).toContain('   May I?');
});

test('a list that is too long keeps the selected agent and says how many more there are', () => {
  const list = drawPanel(
    'agent-list',
    modelOf(many(40), { panes: { selected: 'rehearsal-30' } }, { columns: 80, rows: 24 }),
  );
  expect(list).toContain('▶ rehearsal-30');
  expect(list).toMatch(/ \+24 more +n ↑ ↓/);
  const narrow = [...many(12), task('1', 'One'), ...started('1', 'rehearsal-12')];
  expect(
    drawPanel('agent-list', modelOf(narrow, { panes: { arrangement: 'list' } }, { columns: 64, rows: 30 })),
  ).toContain('rehearsal-12');
});
