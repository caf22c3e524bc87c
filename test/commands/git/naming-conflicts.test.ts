import { expect, test } from 'vitest';
import { forgetConflict } from '../../../src/commands/git/forget-conflict.ts';
import { showConflict } from '../../../src/commands/git/show-conflict.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import type { Context } from '../../../src/commands/define.ts';
import { story } from '../../state/story.ts';

const radar = partOf<Context['radar']>({ now: () => [], looks: () => new Map(), examine: async () => [] });
const hintOf = async (line: string, facts: readonly EventDraft[]) =>
  (await openDesk([showConflict, forgetConflict], facts, { radar }).say(line)).hint;

test('where it is not said which conflict is meant, one is proposed that there is', async () => {
  expect(await hintOf('show conflict', story)).toMatch(/^Say which one, for example: show conflict batch-1\/3\./u);
  const proposed = await openDesk(showConflict, story, { radar }).say('show conflict batch-1/3');
  expect(proposed.exit).toBe(0);
});

test('where there is no conflict none is proposed', async () => {
  expect(await hintOf('show conflict', [])).toBe('Look at "list conflicts".');
  expect(await hintOf('forget conflict', [])).toBe('Look at "list conflicts".');
});
