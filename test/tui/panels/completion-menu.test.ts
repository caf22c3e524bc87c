import { expect, test } from 'vitest';
import { reducePrompt } from '../../../src/tui/prompt/prompt-reducer.ts';
import { emptyPrompt, type PromptState } from '../../../src/tui/prompt/prompt-state.ts';
import { threeAgents } from '../fake-swarm.ts';
import { drawPanel, modelOf } from './draw-panel.ts';

test('Tab shows the words it goes through with what they mean, and marks the one in the line', () => {
  const words = ['answer', 'assign', 'approve', 'attach'];
  const candidates = words.map((word) => ({ word, help: `to ${word}` }));
  const tabbed = (times: number) =>
    Array.from({ length: times }).reduce<PromptState>(
      (prompt) => reducePrompt(prompt, { kind: 'complete', candidates }),
      reducePrompt(emptyPrompt, { kind: 'insert', text: 'a' }),
    );
  const menu = (times: number, rows = 30) =>
    drawPanel('completion-menu', modelOf(threeAgents, { prompt: tabbed(times) }, { columns: 60, rows }))?.split('\n');
  expect(menu(1)).toEqual([
    '╭────────────── 1 of 4 ─╮',
    '│❯ answer   to answer   │',
    '│  assign   to assign   │',
    '│  approve  to approve  │',
    '│  attach   to attach   │',
    '╰───────────────────────╯',
  ]);
  expect(menu(4)?.at(-2)).toBe('│❯ attach   to attach   │');
  expect(menu(4, 9)?.at(-2)).toBe('│❯ attach   to attach   │');
  expect([menu(1, 3), menu(0)]).toEqual([undefined, undefined]);
});
