import { expect, test } from 'vitest';
import type { Context, LeftRepositories } from '../../../src/commands/define.ts';
import { planLeft, removeLeft } from '../../../src/commands/git/clean-kept.ts';
import type { AppEvent } from '../../../src/state/index.ts';

const AT = '2026-11-01T00:00:00.000Z';

/** A command about folders of these names, in some of which a process is, said again after this was recorded. */
const contextWith = (
  names: readonly string[],
  { lived = [] as readonly string[], earlier = [] as AppEvent[] } = {},
) => {
  const deleted: string[] = [];
  const left = {
    list: async () => names.map((name) => ({ name, path: `/w/.drover-kept/${name}`, host: 'local', kept_at: AT })),
    sizeOf: async () => 3 * 1024 ** 2,
    delete: async ({ name }: LeftRepositories) => !lived.includes(name) && deleted.push(name) > 0,
  };
  const context = { earlier, decide: async () => [], now: () => '2026-11-03T00:00:00.000Z', leftRepositories: left };
  return { context: context as unknown as Context, deleted };
};

test('a folder in which a process is stays, and is named', async () => {
  const { context, deleted } = contextWith(['a-1', 'b-1'], { lived: ['b-1'] });
  const plan = await planLeft(context, { kept: 'all' });
  const asked = { targets: ['a-1', 'b-1'], loses: '' };
  const outcome = await removeLeft(context, plan, { isDry: false, asked });
  expect([outcome.message, deleted]).toEqual([
    'Deleted 1 folder with repositories that tasks left in worktrees. A process is still in b-1 (3.0 MB, 2d old), which stays.',
    ['a-1'],
  ]);
  expect(outcome.data).toMatchObject({ left: [{ removed: true }, { removed: false }] });
});

test('only what was asked about goes', async () => {
  const { context, deleted } = contextWith(['a-1', 'b-1']);
  const plan = await planLeft(context, { kept: 'all' });
  await removeLeft(context, plan, { isDry: false, asked: { targets: ['a-1'], loses: '' } });
  expect(deleted).toEqual(['a-1']);
});

test('a request whose daemon died when it had deleted a folder has deleted it', async () => {
  const data = { places: { 'a-1': '/w/.drover-kept/a-1' } };
  const earlier = [{ type: 'command.begun', data }] as unknown as AppEvent[];
  const { context } = contextWith([], { earlier });
  const plan = await planLeft(context, { kept: 'a-1' });
  expect(await removeLeft(context, plan, { isDry: false, asked: undefined })).toMatchObject({
    message: 'Deleted 1 folder with repositories that tasks left in worktrees.',
    sideEffects: ['/w/.drover-kept/a-1 deleted'],
  });
  await expect(planLeft(contextWith([]).context, { kept: 'a-1' })).rejects.toMatchObject({ code: 'target/not-found' });
});
