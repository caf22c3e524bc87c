import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import type { Need } from '../../../src/attention/needs.ts';
import { created, many, moved, START, started, task } from '../fake-swarm.ts';
import { drawPanel, modelOf } from './draw-panel.ts';

const failureNeed: Need = {
  ...{ key: 'task 4.2', kind: 'failure', text: '4.2 failed', since: START, help: null },
  ...{ alert: null, instance: null, task: '4.2' },
};

test('the list names every agent with its state, and the one whose pane is large stands out', () => {
  const facts = [...many(10), moved('rehearsal-2', 'waiting', 'May I?'), moved('rehearsal-3', 'working')];
  const list = drawPanel(
    'agent-list',
    modelOf(facts, { panes: { arrangement: 'list', selected: 'rehearsal-3' } }, { columns: 90, rows: 40 }),
  );
  expect(list).toContain(' 10 agents');
  expect(list).toMatch(/ ■ rehearsal-2 {2}\? +waiting/);
  expect(list).toMatch(/ ▶ rehearsal-3 {2}● +working/);
  expect(list?.split('\n')).toHaveLength(21);
  const [, , first = ''] = list?.split('\n') ?? [];
  expect(first).toBe('   no task yet');
  expect(list).toMatch(/ ■ rehearsal-10 ◌/);
  expect(list).toContain('   May I?');
});

test('an agent without a task says in its second line what it did last, and how that ended', () => {
  const facts: EventDraft[] = [
    ...many(3),
    task('4.2', 'Parse the lines'),
    ...started('4.2', 'rehearsal-2'),
    { type: 'run.failed', data: { id: '4.2', failure: { class: 'check', message: 'no' } } },
  ];
  const list = drawPanel('agent-list', modelOf(facts, { panes: { arrangement: 'list' } }, { columns: 90, rows: 40 }));
  expect(list?.split('\n')[4]).toBe('   ✖ 4.2 failed');
});

test('what an idle agent left to a person is named as that, and not as a state of the agent', () => {
  const facts = [...many(3), moved('rehearsal-1', 'idle'), moved('rehearsal-2', 'idle')];
  const model = modelOf(facts, { panes: { arrangement: 'list' } }, { columns: 80, rows: 24 });
  const failure = { ...failureNeed, instance: 'rehearsal-1' };
  const attention = { ...model.attention, needs: [failure], toReview: new Map([['rehearsal-2', 1]]) };
  const [, first, , second] = drawPanel('agent-list', { ...model, attention })?.split('\n') ?? [];
  expect(first).toMatch(/rehearsal-1 ○ +task failed$/u);
  expect(second).toMatch(/rehearsal-2 ○ +to review$/u);
});

test('a list that is too long keeps the selected agent and says how many more there are', () => {
  const list = drawPanel(
    'agent-list',
    modelOf(many(40), { panes: { selected: 'rehearsal-30' } }, { columns: 80, rows: 24 }),
  );
  expect(list).toContain(' 40 agents rehearsal-…');
  expect(list).toMatch(/▶ 30 ◌ +creating/);
  expect(list).toMatch(/ \+24 more +n ↑ ↓/);
});

test('where each agent has one line, it says what the agent is at or asks', () => {
  const facts = [
    ...many(12),
    task('1', 'One'),
    ...started('1', 'rehearsal-12', 40),
    moved('rehearsal-2', 'waiting', 'Which port?'),
  ];
  const list = drawPanel('agent-list', modelOf(facts, { panes: { arrangement: 'list' } }, { columns: 80, rows: 24 }));
  expect(list).toMatch(/ ■ 12 . 1 40% One +1m/u);
  expect(list).toMatch(/ ■ 2 {2}\? Which port\?/);
  const others = [...many(11), created(1, 'claude')];
  const named = drawPanel('agent-list', modelOf(others, { panes: { arrangement: 'list' } }, { columns: 80, rows: 24 }));
  expect(named).toMatch(/ ▶ rehearsal-1 {2}◌/);
  expect(named).toContain('claude-1');
});
