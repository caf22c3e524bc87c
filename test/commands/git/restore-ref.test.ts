import { expect, test } from 'vitest';
import { restoreRef } from '../../../src/commands/git/restore-ref.ts';
import { openDesk } from '../../helpers/desk.ts';

const main = {
  ...{ id: '1', ref: 'refs/heads/main', from: 'a'.repeat(40), to: 'b'.repeat(40), by: ['kiro-1'] },
  ...{ kept: 'refs/drover/archive/lost/heads-main', at: '2026-01-01T00:00:00.000Z' },
};

test('a ref is put back by its name after a question, unless it has moved again', async () => {
  let isThere = true;
  const restored: string[] = [];
  const lostRefs = {
    list: async () => [main],
    restore: async ({ id }: { id: string }) => {
      if (isThere) restored.push(id);
      return isThere;
    },
  };
  const desk = openDesk(restoreRef, [], { lostRefs });
  expect(await desk.propose('restore ref main')).toMatchObject({
    exit: 5,
    message: expect.stringContaining('main from bbbbbbbbbb to aaaaaaaaaa'),
  });
  expect(restored).toEqual([]);
  expect(await desk.say('restore ref main')).toMatchObject({ exit: 0, message: 'Restored main (aaaaaaaaaa).' });
  expect(restored).toEqual(['1']);
  isThere = false;
  expect(await desk.say('restore ref main')).toMatchObject({ exit: 6 });
  expect(await desk.say('restore ref topic')).toMatchObject({ exit: 3 });
});

test('[CLI-8] said again after the death of its daemon it moves no ref further back than it was asked to', async () => {
  // It was changed twice, and the last change is taken back already.
  const lostRefs = { list: async () => [main], restore: () => expect.unreachable('it is back') };
  const begun = { type: 'command.begun', data: { places: { 'refs/heads/main': main.to } } } as const;
  const earlier = [{ ...begun, seq: 1, at: main.at, actor: 'cli', corr: 'c-1' }];
  const desk = openDesk(restoreRef, [], { lostRefs, earlier });
  expect(await desk.say('restore ref main')).toMatchObject({ exit: 0, message: 'Restored main (bbbbbbbbbb).' });
});
