import { expect, test } from 'vitest';
import { emptyUsage, NOTHING } from '../../../src/state/usage.ts';
import { type AgentStats, agentStatsOf, statPieces } from '../../../src/tui/model/agent-stats.ts';
import { reply, threeAgents } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';
import { drawPanel, modelOf } from '../panels/draw-panel.ts';

const NONE: AgentStats = { changed: null, cpuPercent: null, memoryMb: null, tokens: null, usd: null };
const ALL: AgentStats = { changed: 3, cpuPercent: 12.4, memoryMb: 340, tokens: 45_210, usd: 0.324 };
const text = (vitals: AgentStats, room: number) =>
  statPieces(vitals, room)
    .map((piece) => piece.text)
    .join('');

test('what is not known, and what is nothing, is not said', () => {
  expect(text(NONE, 100)).toBe('');
  expect(text({ ...ALL, changed: 0, tokens: 0, usd: 0, memoryMb: 2048 }, 100)).toBe('12% · 2.0 GB · ');
});

test('what matters most is said first, as much as there is room for', () => {
  expect(text(ALL, 100)).toBe('±3 · $0.32 · 12% · 340 MB · 45.2k tokens · ');
  expect(text(ALL, 20)).toBe('±3 · $0.32 · 12% · ');
  expect(text(ALL, 0)).toBe('');
});

test('they come from the state and from what was asked, and strange answers are none', () => {
  const usage = {
    ...emptyUsage,
    instances: { a: { ...NOTHING, input_tokens: 10, output_tokens: 5, usd: 2, context: null } },
  };
  const answers = new Map([
    ['top instances', reply({ data: [{ instance_id: 'a', cpu_percent: 7, memory_mb: 90 }] })],
    ['list worktrees', reply({ data: { not: 'a list' } })],
  ]);
  const vitals = agentStatsOf({ usage }, answers, ['a', 'b']);
  expect(vitals.get('a')).toEqual({ changed: null, cpuPercent: 7, memoryMb: 90, tokens: 15, usd: 2 });
  expect(vitals.get('b')).toEqual(NONE);
});

test('a tile says them beside the name of the agent', () => {
  const model = { ...modelOf(threeAgents), stats: new Map([['rehearsal-3', ALL]]) };
  expect(drawPanel('grid', model)).toMatch(
    /⎇ feature\/task-3 ─+ ±3 · \$0\.32 · 12% · 340 MB · 45.2k tokens · rehearsal ─╯/,
  );
});

test('they are asked for while panes are shown', async () => {
  const asked: string[] = [];
  const view = openView(threeAgents, {
    ask: async (words) => {
      asked.push(words);
      return reply({ data: [{ instance: 'rehearsal-3', instance_id: 'rehearsal-3', dirty: 4 }] });
    },
  });
  await view.see('±4 · ');
  expect(asked.toSorted()).toEqual(['list worktrees', 'top instances']);
  const none = openView([], { ask: async () => expect.fail('nobody is there to ask about') });
  await none.see('No agent yet.');
});
