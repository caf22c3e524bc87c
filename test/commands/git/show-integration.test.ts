import { expect, test } from 'vitest';
import { showIntegration } from '../../../src/commands/git/show-integration.ts';
import type { Git } from '../../../src/ports/index.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { story } from '../../state/story.ts';

const at = (tip: string | null) => ({ git: partOf<Git>({ resolve: async () => tip, isAncestor: async () => false }) });

test('a batch is shown with what it merged, in order, and what it set aside and why', async () => {
  const desk = openDesk(showIntegration, story, at('c0'));
  const { message, data } = await desk.say('show integration batch-1');
  expect(message).toBe(
    [
      'batch-1 rolled-back on drover/integration',
      'merged     1  feature/1  c3',
      'gate       check  1  0.0s: passed',
      'set aside  3  conflict: both edit it; sent back to whoever takes it',
      'rolled back  drover/integration went back to c0',
      '',
      '○ c0  where it began',
      '├─── ● 1  Task 1  c3',
      '◉ c3  where it left drover/integration',
      '     ✗ 3  Another title  both edit it',
    ].join('\n'),
  );
  expect((await desk.say('show integration last')).data).toEqual(data);
});

test('why a batch was not taken back is told', async () => {
  const standing = story.slice(0, story.findIndex(({ type }) => type === 'batch.rollback_failed') + 1);
  const { message } = await openDesk(showIntegration, standing, at('c3')).say('show integration batch-1');
  expect(message).toContain('batch-1 finished on drover/integration');
  expect(message).toContain('not rolled back: the branch was moved');
  expect(message).toContain('\n◉ c3  drover/integration\n');
});

test('a batch that is not there is an error, the last one of none as well', async () => {
  expect(await openDesk(showIntegration, story, at(null)).say('show integration batch-2')).toMatchObject({
    exit: 3,
    hint: expect.stringContaining('batch-1'),
  });
  expect(await openDesk(showIntegration, [], at(null)).say('show integration last')).toMatchObject({
    exit: 3,
    hint: 'To merge what is finished: merge completed branches',
  });
});

test('a batch that was taken back by a commit on top says which', async () => {
  const back = story.findIndex(({ type }) => type === 'batch.rollback_failed');
  const desk = openDesk(
    showIntegration,
    [...story.slice(0, back), { type: 'batch.rolled_back', data: { id: 'batch-1' } }],
    at('c4'),
  );
  expect((await desk.say('show integration batch-1')).message).toContain(
    '\nrolled back  drover/integration has c4 on top, which takes it back\n',
  );
});

test('a branch that was not brought forward is not said to be delivered', async () => {
  const desk = openDesk(
    showIntegration,
    [
      {
        type: 'batch.started',
        data: { id: 'batch-1', target: 'drover/integration', base_commit: 'c0', tasks: [], deliver_to: 'main' },
      },
      { type: 'batch.delivery_refused', data: { id: 'batch-1', problem: 'a.ts is changed in /r' } },
      { type: 'batch.finished', data: { id: 'batch-1' } },
    ],
    at(null),
  );
  expect((await desk.say('show integration batch-1')).message.split('\n')[1]).toBe(
    'not delivered  main stays where it is: a.ts is changed in /r',
  );
});

test('what kept a branch where it is is said only for as long as it does, by the commits', async () => {
  const { message: stays, why } = await refusedWith({ main: 'm1', 'drover/integration': 'c0' }, []);
  expect([stays, why]).toEqual([`main stays where it is: ${OWN}`, `main stays where it is: ${OWN}`]);
  const joined = await refusedWith({ main: 'm1', 'drover/integration': 'c9' }, ['m1..c9']);
  expect(joined.why).toBe(
    'main stays where it is: its commits are in drover/integration by now; merge once more: merge completed branches to=main',
  );
  const later = await refusedWith({ main: 'c9', 'drover/integration': 'c9' }, ['c0..c9', 'c9..c9']);
  expect([later.message, later.why]).toEqual(['main stayed where it was; by now it has this batch', null]);
});

const OWN =
  'it has commits that drover/integration has not; merge once more after this: sync branch drover/integration';

/** A batch that was not delivered to main, shown when branches are at these commits, of which some are in others. */
const refusedWith = async (tips: Readonly<Record<string, string>>, within: readonly string[]) => {
  const git = partOf<Git>({
    resolve: async (ref) => tips[ref.replace('refs/heads/', '')] ?? null,
    isAncestor: async (commit, of) => within.includes(`${commit}..${of}`),
  });
  const batch = { id: 'batch-1', target: 'drover/integration', base_commit: 'c0', tasks: [], deliver_to: 'main' };
  const desk = openDesk(
    showIntegration,
    [
      { type: 'batch.started', data: batch },
      { type: 'batch.delivery_refused', data: { id: 'batch-1', problem: OWN } },
      { type: 'batch.finished', data: { id: 'batch-1' } },
    ],
    { git },
  );
  const { message, data } = await desk.say('show integration batch-1');
  return { message: message.split('\n')[1]?.replace('not delivered  ', ''), why: (data as { why: string | null }).why };
};
