import { expect, test } from 'vitest';
import { finishCutOffs } from '../../../src/daemon/actions/finish-cut-offs.ts';

test('a half-made worktree that cannot be taken away keeps no update that was cut off from its end', async () => {
  const lines: string[] = [];
  const fail = () => Promise.reject(new Error('no'));
  const stays = 'what was cut off in a worktree stays so: no';
  const ended = 'an update of /b was cut off, and is at an end now, or taken back';
  await finishCutOffs({ clearHalfMade: fail, finishAdvances: async () => ['/b'] }, (line) => lines.push(line));
  expect(lines).toEqual([stays, ended]);
  await finishCutOffs({ clearHalfMade: async () => ['/a'], finishAdvances: fail }, (line) => lines.push(line));
  expect(lines.slice(2)).toEqual(['the worktree /a was being made, and is not there any more', stays]);
});
