import { expect, test } from 'vitest';
import { threeAgents } from '../fake-swarm.ts';
import { drawPanel, modelOf } from '../panels/draw-panel.ts';
import { insert } from './edits.ts';
import { promptAfter, rows } from './prompt-rows.ts';

const SMALL = { columns: 60, rows: 16 };

test('what is too long for one row goes on in the next, and the keys come back with the next key', () => {
  const said = (tone: 'ok' | 'error', text: string, hint: string | null) =>
    drawPanel('prompt', modelOf(threeAgents, { commands: { message: { tone, text, hint } } }, SMALL))
      ?.split('\n')
      .slice(2);
  const long =
    'Launched 4 instances: rehearsal-4 (azure), rehearsal-5 (orange), rehearsal-6 (green), rehearsal-7 (sand).';
  expect(said('ok', long, null)).toEqual([
    '  ✔ Launched 4 instances: rehearsal-4 (azure), rehearsal-5',
    '      (orange), rehearsal-6 (green), rehearsal-7 (sand).',
  ]);
  expect(said('error', 'There is no task "99".', 'Look at "list tasks" for those there are.')).toEqual([
    '  ✖ There is no task "99".',
    '   Look at "list tasks" for those there are.',
  ]);
  expect(said('error', 'No.', 'Look.')?.[0]).toBe('  ✖ No.   Look.');
  const answer = { tone: 'error', text: 'No.', hint: null } as const;
  expect(drawPanel('prompt', modelOf([], { commands: { message: answer } }, { columns: 40, rows: 6 }))).toBe(
    ' ❯ ✖ No.',
  );
});

test('however narrow the screen, that a command asks first is said', () => {
  const hint = { kind: 'ok', says: 'stops 9 instances: a-1, a-2, a-3, a-4, a-5', asks: 'work is lost' };
  const [, said] = rows({ prompt: promptAfter(insert('stop all')) }, { hint }, { columns: 40, rows: 20 });
  expect(said).toBe('  ✔ stops 9 instances: a-1…   asks first');
  const open = { kind: 'ok', says: 'clean worktrees · Remove the worktrees that are merged', mayAsk: true };
  const [, told] = rows({ prompt: promptAfter(insert('clean worktrees')) }, { hint: open }, { columns: 40, rows: 20 });
  expect(told).toMatch(/^ {2}✔ clean worktrees .*… {3}may ask first$/u);
});
