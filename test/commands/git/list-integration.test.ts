import { expect, test } from 'vitest';
import { listIntegration } from '../../../src/commands/git/list-integration.ts';
import { showIntegration } from '../../../src/commands/git/show-integration.ts';
import type { Git } from '../../../src/ports/index.ts';
import type { AsideReason } from '../../../src/state/batches.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { story } from '../../state/story.ts';

test('batches are listed with what they merged and set aside', async () => {
  const { message, data, text } = await openDesk(listIntegration, story).say('list batches');
  expect(message).toBe('1 batch');
  expect(data).toMatchObject([
    { id: 'batch-1', merged: [{ task: '1' }], set_aside: [{ task: '3', reason: 'conflict' }] },
  ]);
  expect(text).toMatch(/^batch-1 +rolled-back +1 +3 \(conflict\) +drover\/integration +c3$/m);
});

test('without a batch the list says how to make one, and a state of a batch is no word for it', async () => {
  const desk = openDesk(listIntegration);
  expect((await desk.say('list batches')).text).toBe('No batch. Merge what is done: merge completed branches');
  expect((await desk.say('list failed batches')).exit).toBe(2);
});

test('a batch that brought a branch forward says which, from where and to where, and counts no merges that there were none of', async () => {
  const batch = (id: string) => ({ id, target: 'drover/integration', base_commit: 'b2'.repeat(20), tasks: [] });
  const [from_commit, to_commit] = ['a1'.repeat(20), 'b2'.repeat(20)];
  const desk = openDesk(
    listIntegration,
    [
      { type: 'batch.started', data: { ...batch('batch-1'), deliver_to: 'main' } },
      { type: 'batch.delivering', data: { id: 'batch-1', branch: 'main', from_commit, to_commit } },
      { type: 'batch.delivered', data: { id: 'batch-1' } },
      { type: 'batch.finished', data: { id: 'batch-1' } },
      { type: 'batch.started', data: { ...batch('batch-2'), deliver_to: 'release' } },
      { type: 'batch.delivery_refused', data: { id: 'batch-2', problem: 'it is not there any more' } },
      { type: 'batch.finished', data: { id: 'batch-2' } },
    ],
    { git: partOf<Git>({ resolve: async () => null }) },
  );
  const { text } = await desk.say('list batches');
  expect(text).toMatch(/^BATCH +STATE +MERGED +SET ASIDE +BRANCH +COMMIT +DELIVERED$/m);
  expect(text).toMatch(/^batch-1 +finished +– +drover\/integration +b2b2b2b2b2 +main from a1a1a1a1a1$/m);
  expect(text).toMatch(/^batch-2 +finished +– +drover\/integration +b2b2b2b2b2 +release \(refused\)$/m);
});

const finished = (id: string, problem?: string): EventDraft => ({
  type: 'batch.finished',
  data: { id, ...(problem === undefined ? {} : { problem }) },
});
const started = (id: string, deliver_to?: string): EventDraft => ({
  type: 'batch.started',
  data: {
    ...{ id, target: 'drover/integration', base_commit: 'c0', tasks: ['1', '2', '3'] },
    ...(deliver_to === undefined ? {} : { deliver_to }),
  },
});
const aside = (id: string, task: string, reason: AsideReason, message: string): EventDraft => ({
  type: 'batch.set_aside',
  data: { id, task, reason, message, files: [] },
});
const LOCK = 'another git process holds a lock: /r/.git/index.lock';

test('why a batch came to less than it set out to is told in one clause, in the list and with the batch, and what was good has none', async () => {
  const desk = openDesk(
    [listIntegration, showIntegration],
    [
      ...[started('batch-1'), aside('batch-1', '1', 'conflict', 'conflict with 3 in a.ts (3 lines)')],
      ...[aside('batch-1', '2', 'gate', '"npm test" ended with 1: 2 failed'), finished('batch-1')],
      ...[started('batch-2', 'main'), ...['1', '2'].map((task) => aside('batch-2', task, 'busy', LOCK))],
      { type: 'batch.delivery_refused', data: { id: 'batch-2', problem: LOCK } },
      finished('batch-2', LOCK),
      ...[started('batch-3', 'main'), finished('batch-3')],
      { type: 'batch.delivery_refused', data: { id: 'batch-3', problem: 'a.ts is changed in /r' } },
      ...[started('batch-4'), { type: 'batch.cancelled', data: { id: 'batch-4', by: 'cli' } } as const],
      ...[aside('batch-4', '1', 'stopped', 'the batch was cancelled by cli'), finished('batch-4')],
      ...[started('batch-5'), finished('batch-5')],
      ...[started('batch-6'), finished('batch-6', 'no space left')],
    ],
    { git: partOf<Git>({ resolve: async () => null }) },
  );
  const why = [
    '1 set aside, conflict with 3 in a.ts (3 lines); 2 set aside, gate: "npm test" ended with 1: 2 failed',
    LOCK,
    'main stays where it is: a.ts is changed in /r',
    'cancelled by you',
    null,
    'no space left',
  ];
  const { data, text } = await desk.say('list batches');
  expect((data as readonly { why: string | null }[]).map((one) => one.why)).toEqual(why);
  expect(text.split('\n').slice(8)).toEqual(
    why.flatMap((one, at) => (one === null ? [] : [`batch-${at + 1}: ${one}`])),
  );
  const second = await desk.say('show integration batch-2');
  expect([second.message.split('\n')[1], second.data]).toEqual([
    `ended early  ${LOCK}`,
    expect.objectContaining({ why: LOCK, problem: LOCK }),
  ]);
});

test('what kept a branch where it is when git was to move it is told as it is now', async () => {
  let [trouble, tip]: [string | null, string] = [null, 'old'];
  const git = partOf<Git>({
    resolve: async (name) => (name === 'refs/heads/main' ? tip : 'c1'),
    isAncestor: async (commit, of) => commit === 'old' && of !== 'old',
    forwardTrouble: async () => trouble,
  });
  const desk = openDesk(
    [listIntegration, showIntegration],
    [
      started('batch-1', 'main'),
      { type: 'batch.delivering', data: { id: 'batch-1', branch: 'main', from_commit: 'old', to_commit: 'c1' } },
      {
        type: 'batch.delivery_refused',
        data: { id: 'batch-1', problem: 'a.ts is changed in /r, and would be overwritten' },
      },
      finished('batch-1'),
    ],
    { git },
  );
  const why = async () => ((await desk.say('list batches')).data as readonly { why: string | null }[])[0]!.why;
  const free =
    'main stays where it is: no file is in its way by now; merge once more: merge completed branches to=main';
  expect(await why()).toBe(free);
  expect((await desk.say('show batch batch-1')).message).toContain('no file is in its way by now');
  trouble = 'b.ts is changed in /r, and would be overwritten';
  expect(await why()).toBe(`main stays where it is: ${trouble}`);
  // What was changed there is a commit by now.
  tip = 'own';
  expect(await why()).toBe('main stays where it is: it has commits that drover/integration has not');
});
