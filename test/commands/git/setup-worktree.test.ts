import { expect, test } from 'vitest';
import type { Context } from '../../../src/commands/define.ts';
import { setupWorktree } from '../../../src/commands/git/setup-worktree.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instanceCreated } from '../../state/story.ts';

const FOLDER = '/data/drover/worktrees/r-1';
const git = partOf<Context['git']>({
  place: async (path) => path,
  worktrees: async () =>
    ['claude-1', 'scratch'].map((name) => ({
      path: `${FOLDER}/${name}`,
      branch: name,
      name: null,
      touchedAt: 0,
    })),
});
const paths = partOf<Context['paths']>({ worktrees: FOLDER, key: 'r-1' });

const deskWith = (log: string | null) => {
  const made: string[] = [];
  const setUp: Context['setUp'] = async ({ name }) => {
    made.push(name);
    return { log };
  };
  return { made, desk: openDesk(setupWorktree, [instanceCreated('claude-1')], { git, paths, setUp }) };
};

test('worktrees are set up by their names, and the log is named', async () => {
  const { desk, made } = deskWith('/logs/setup.log');
  const reply = await desk.say('set up worktree scratch');
  expect([reply.exit, reply.message, made]).toEqual([
    0,
    'Set up 1 worktree: scratch. Log: /logs/setup.log',
    ['scratch'],
  ]);
  expect(await desk.say('setup worktree nope')).toMatchObject({ exit: 3 });
});

test('one whose instance is being made or at work is refused, and none is set up', async () => {
  const { desk, made } = deskWith('/logs/setup.log');
  expect(await desk.say('setup worktree scratch, claude-1')).toMatchObject({
    exit: 6,
    data: { code: 'worktree/in-use' },
  });
  expect(made).toEqual([]);
});

test('where nothing is to be set up it says so', async () => {
  const { desk } = deskWith(null);
  expect((await desk.say('prepare worktree scratch')).message).toContain('worktrees.setup are not set');
});
