import { expect, test } from 'vitest';
import { listRef } from '../../../src/commands/git/list-ref.ts';
import { openDesk } from '../../helpers/desk.ts';

const lost = (ref: string, to: string | null, by: readonly string[]) => ({
  ...{ id: ref, ref, from: 'a'.repeat(40), to, by, kept: 'refs/drover/archive/lost/x', at: '2026-01-01T00:00:00.000Z' },
});

test('what was changed past the guard is listed with who did it, the latest first', async () => {
  const all = [lost('refs/heads/main', 'b'.repeat(40), ['kiro-1']), lost(`refs/stash@${'c'.repeat(40)}`, null, [])];
  const desk = openDesk(listRef, [], { lostRefs: { list: async () => all, restore: async () => false } });
  const { data, text } = await desk.say('list refs');
  expect(data).toMatchObject([{ by: [] }, { ref: 'refs/heads/main', by: ['kiro-1'] }]);
  expect(text).toMatch(/stash@cccccccccc +aaaaaaaaaa +gone +nobody known/u);
  expect(text).toMatch(/main +aaaaaaaaaa +bbbbbbbbbb +kiro-1/u);
});
