import { attentionOf } from '../../../src/attention/attention.ts';
import type { Surroundings } from '../../../src/attention/step.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { expect, test } from 'vitest';
import { paneRect, shownInstances } from '../../../src/tui/panels/grid.tsx';
import { created, many, moved, started, task } from '../fake-swarm.ts';
import { drawPanel, modelOf } from './draw-panel.ts';

const small = { columns: 80, rows: 24 };

test('a terminal goes inside of the frame, below the line about the task', () => {
  expect(paneRect({ x: 10, y: 5, width: 40, height: 12 })).toEqual({ x: 11, y: 7, width: 38, height: 9 });
  expect(paneRect({ x: 0, y: 0, width: 1, height: 2 })).toMatchObject({ width: 0, height: 0 });
});

test('the page with the selected agent is shown, and below it how many more there are', () => {
  const model = modelOf(many(12), { panes: { selected: 'rehearsal-12', arrangement: 'tiles' } }, small);
  const shown = shownInstances(model).map(({ instance_id }) => instance_id);
  expect(shown).toContain('rehearsal-12');
  expect(shown).not.toContain('rehearsal-1');
  const drawn = drawPanel('grid', model)!;
  for (const id of shown) expect(drawn).toContain(id);
  expect(drawn).toContain(` +${12 - shown.length} more   page `);
});

test('without an agent the middle says how to begin, and with a filter that leaves none how to see them again', () => {
  expect(drawPanel('grid', modelOf([], {}, small))).toContain('launch 3 instances agent=rehearsal');
  const { screen, ...model } = modelOf(many(1), {}, small);
  const { states } = screen.tabs;
  const tabs = { ...screen.tabs, states: { ...states, agents: { ...states.agents, filter: 'stuck' } } };
  const none = modelOf([], {}, small).layout;
  expect(drawPanel('grid', { ...model, instances: [], layout: none, screen: { ...screen, tabs } })).toContain(
    'No agent has “stuck” in its name, state or task.',
  );
});

test('[TUI-9] the empty screen goes by what is there, and leaves no plan to agents that only pretend', () => {
  const claude = { agent: { name: 'claude', title: 'Claude Code', takesPlans: true }, isUsual: true, plans: [] };
  const at = (drafts: readonly EventDraft[], surroundings: Surroundings) => {
    const model = modelOf(drafts, {}, { columns: 120, rows: 30 });
    return drawPanel('grid', { ...model, attention: attentionOf(model.state, surroundings), surroundings })!;
  };
  const tasks = [task('1', 'One'), task('2', 'Two')];
  expect(at(tasks, claude)).toMatch(
    /2 tasks ready, no agent is here\.\s+It starts Claude Code:\s+launch 2 instances {3}Ctrl-G ↵$/mu,
  );
  expect(at(tasks, claude)).not.toContain('rehearsal');
  expect(at(tasks, { ...claude, agent: null })).toMatch(/No agent program is here/u);
  expect(at(tasks, { ...claude, agent: null })).not.toContain('rehearsal');
  expect(at([], { ...claude, plans: ['import spec .kiro/specs/x'] })).toContain('import spec .kiro/specs/x');
  expect(at([], claude)).toMatch(/create task "…" {3}End$/mu);
});

test('a pane whose agent has no task says what it did last, and what it does now', () => {
  const done: readonly EventDraft[] = [
    created(1),
    moved('rehearsal-1', 'idle'),
    task('13.2', 'Last one'),
    ...started('13.2', 'rehearsal-1'),
    { type: 'run.claimed', data: { id: '13.2', summary: null } },
  ];
  const verified = (check_ms: number): EventDraft => ({
    type: 'run.verified',
    data: {
      id: '13.2',
      result: { head_commit: 'b', commits: 1, files: 1, insertions: 1, deletions: 0, check_ms, check_output: '' },
    },
  });
  expect(drawPanel('grid', modelOf([created(1), moved('rehearsal-1', 'idle')]))).toContain(' no task yet · idle');
  expect(drawPanel('grid', modelOf([...done, verified(9)]))).toContain(' ✔ 13.2 verified · idle');
  expect(drawPanel('grid', modelOf([...done, verified(0)]))).toContain(' ✔ 13.2 done, unchecked · idle');
});
