import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

const quick = { DROVER_REHEARSAL_TASK_MS: '20' };

const said = async (swarm: Swarm, text: string) => {
  const reply = await swarm.say(text);
  expect(reply.exit, `${text}: ${reply.message}`).toBe(0);
  return reply;
};

const isDone = (swarm: Swarm, id: string, attempts: number) =>
  until(swarm, ({ tasks }) => tasks[id]?.state === 'done' && tasks[id].attempts === attempts);

const files = (swarm: Swarm, ref = 'drover/integration') => swarm.git('ls-tree', '-r', '--name-only', ref).split('\n');

test('[GIT-11] what is built on an attempt that was done anew is left out, and says what helps', async () => {
  await using swarm = await openSwarm({ env: quick, settings: { agent: 'rehearsal', review: 'before-merge' } });
  await said(swarm, 'launch 2 instances');
  await said(swarm, 'create task "One. rehearse: write old.txt" id=t1');
  await said(swarm, 'create task "Two. rehearse: write two.txt" id=t2 deps=t1');
  await said(swarm, 'run all tasks wait=true');
  await said(swarm, 'set task t1 title="One. rehearse: write new.txt"');
  await said(swarm, 'retry task t1');
  await isDone(swarm, 't1', 2);
  await said(swarm, 'approve task t1');
  const first = (await swarm.state()).tasks['t2']!.run!.built_on!;
  expect(first).toMatchObject([{ task: 't1' }]);
  const why = `t2 has work of t1 in it that was taken back or done anew (${first[0]!.commit.slice(0, 10)})`;
  const helps = 'To have it done on what there is now: retry task t2';
  expect((await said(swarm, 'approve task t2')).message).toContain(`No batch takes it: ${why}. ${helps}`);
  expect((await said(swarm, 'merge completed branches dry-run')).message).toBe(
    `1 task would be merged into drover/integration: t1.\n1. t1: it conflicts with none of the others\nt2 is left out: ${why}. ${helps}`,
  );
  expect(await swarm.say('merge branch t2')).toMatchObject({ exit: 6, hint: helps });
  expect((await said(swarm, 'merge completed branches')).message).toBe(
    `batch-1: 1 branch merged into drover/integration.\nt2 is left out: ${why}. ${helps}`,
  );
  expect(files(swarm)).toContain('new.txt');
  expect(files(swarm)).not.toContain('old.txt');
  expect(await swarm.say('merge completed branches')).toMatchObject({
    message: `No finished branch waits to be merged; ${why}.`,
    hint: helps,
  });
  await said(swarm, 'retry task t2');
  await isDone(swarm, 't2', 2);
  await said(swarm, 'approve task t2');
  await said(swarm, 'merge completed branches');
  expect(files(swarm)).toEqual(expect.arrayContaining(['new.txt', 'two.txt']));
  expect(files(swarm)).not.toContain('old.txt');
});

test('[GIT-9] work that was taken back by a commit comes again with all of it when it is gone on with', async () => {
  await using swarm = await openSwarm({ env: quick });
  await said(swarm, 'launch 1 instance');
  await said(swarm, 'create task "One. rehearse: write one.txt" id=t1');
  await said(swarm, 'run all tasks wait=true');
  await said(swarm, 'merge completed branches to=main');
  await said(swarm, 'rollback integration last');
  expect((await swarm.state()).batches['batch-1']!.rollback!.method).toBe('revert');
  expect(files(swarm)).not.toContain('one.txt');
  const own = (await swarm.state()).tasks['t1']!.history[0]!.result!.files;
  await said(swarm, 'set task t1 title="One. rehearse: write more.txt"');
  await said(swarm, 'retry task t1 prompt="go on"');
  await isDone(swarm, 't1', 2);
  const review = (await said(swarm, 'review task t1')).data as { files: { path: string }[] };
  expect(review.files.map(({ path }) => path)).toEqual(expect.arrayContaining(['one.txt', 'more.txt']));
  expect((await swarm.state()).tasks['t1']!.run!.result!.files).toBe(own + 1);
  const question = (await swarm.propose('merge completed branches to=main')).message;
  expect(question).toContain('This merges 1 task (t1)');
  await said(swarm, 'merge completed branches to=main');
  for (const ref of ['drover/integration', 'main'])
    expect(files(swarm, ref)).toEqual(expect.arrayContaining(['one.txt', 'more.txt']));
});

test('[GIT-9] what was begun on a batch that is taken back stays out when that is done anew, and brings it only where that is said', async () => {
  await using swarm = await openSwarm({ env: quick });
  await said(swarm, 'launch 1 instance');
  await said(swarm, 'create task "One. rehearse: write old.txt" id=t1');
  await said(swarm, 'create task "Two. rehearse: write two.txt" id=t2 deps=t1');
  await said(swarm, 'run task t1 wait=true');
  await said(swarm, 'merge completed branches');
  await said(swarm, 'run task t2 wait=true');
  await said(swarm, 'rollback integration last');
  expect((await swarm.state()).batches['batch-1']!.rollback!.method).toBe('reset');
  const { built_on: on } = (await swarm.state()).tasks['t2']!.run!;
  expect(on).toMatchObject([{ task: 't1' }]);
  const along = `With t2 comes work of t1 that was taken back or done anew (${on![0]!.commit.slice(0, 10)})`;
  expect((await said(swarm, 'merge branch t2 dry-run')).message).toContain(along);
  expect((await swarm.propose('merge branch t2 to=main')).message).toContain(along);
  await said(swarm, 'set task t1 title="One. rehearse: write new.txt"');
  await said(swarm, 'run task t1 wait=true');
  expect((await said(swarm, 'merge completed branches dry-run')).message).toContain(
    't2 is left out: t2 has work of t1',
  );
  expect((await said(swarm, 'merge branch t2')).message).toContain(along);
  expect(files(swarm)).toEqual(expect.arrayContaining(['old.txt', 'two.txt']));
  const [old] = (await swarm.state()).tasks['t1']!.history;
  expect((await said(swarm, `show branch ${old!.branch}`)).message).toMatch(/merged\.$/u);
});

test.each([
  ['with it', []],
  ['after it', ['t1', 't2']],
  ['with it by one commit', ['t1 t2 squash']],
])(
  '[GIT-9] what is built on work that came again after a commit took it back has all of it, and is merged %s',
  async (_when, apart) => {
    await using swarm = await openSwarm({ env: quick });
    await said(swarm, 'launch 1 instance');
    await said(swarm, 'create task "One. rehearse: write one.txt" id=t1');
    await said(swarm, 'create task "Other. rehearse: write other.txt" id=t3');
    await said(swarm, 'run all tasks wait=true');
    await said(swarm, 'merge branch t1 to=main');
    await said(swarm, 'rollback integration last');
    expect((await swarm.state()).batches['batch-1']!.rollback!.method).toBe('revert');
    await said(swarm, 'merge branch t3');
    await said(swarm, 'set task t1 title="One. rehearse: write more.txt"');
    await said(swarm, 'retry task t1 prompt="go on"');
    await isDone(swarm, 't1', 2);
    await said(swarm, 'create task "Two. rehearse: write one.txt; write other.txt" id=t2 deps=t1');
    await said(swarm, 'run task t2 wait=true');
    const { run } = (await swarm.state()).tasks['t2']!;
    const all = ['one.txt', 'more.txt', 'other.txt'];
    expect(files(swarm, run!.start_commit)).toEqual(expect.arrayContaining(all));
    expect(run!.result!.files).toBe(3);
    expect((await said(swarm, 'merge completed branches dry-run')).message).not.toContain('conflict:');
    const lines = apart.length === 0 ? ['merge completed branches'] : apart.map((ids) => `merge branch ${ids}`);
    for (const line of lines) await said(swarm, line);
    expect(files(swarm)).toEqual(expect.arrayContaining(all));
    for (const file of ['one.txt', 'other.txt'])
      expect(swarm.git('show', `drover/integration:${file}`)).toBe(swarm.git('show', `${run!.branch}:${file}`));
  },
);

test('[GIT-9] work that was taken back and comes along is merged with it, as the question and the answer say, unless it is asked for anew', async () => {
  await using swarm = await openSwarm({ env: quick });
  await said(swarm, 'launch 1 instance');
  for (const id of ['t1', 't3']) await said(swarm, `create task "${id}. rehearse: write ${id}.txt" id=${id}`);
  await said(swarm, 'run all tasks wait=true');
  await said(swarm, 'merge completed branches');
  await said(swarm, 'create task "Two. rehearse: write two.txt" id=t2 deps=t1,t3');
  await said(swarm, 'run task t2 wait=true');
  await said(swarm, 'rollback integration last');
  const words = async () => ((await said(swarm, 'list tasks')).data as { word: string }[]).map(({ word }) => word);
  expect(await words()).toEqual(['ready', 'done, unchecked', 'ready']);
  await said(swarm, 'pause swarm');
  await said(swarm, 'retry task t3');
  const along = (id: string) =>
    new RegExp(`With t2 comes work of ${id} that was taken back or done anew \\([0-9a-f]+\\)`);
  const counts = / \([0-9a-f]+\), and t1 counts as merged with it\.\n/u;
  const preview = (await said(swarm, 'merge branch t2 dry-run')).message;
  for (const text of [along('t1'), along('t3'), counts]) expect(preview).toMatch(text);
  expect(preview).toMatch(/\.\nTo have that done anew all the same, say before: retry task t1\.$/u);
  const answer = (await said(swarm, 'merge branch t2')).message;
  for (const text of [along('t1'), along('t3'), counts]) expect(answer).toMatch(text);
  const { tasks } = await swarm.state();
  expect(tasks['t1']).toMatchObject({ state: 'done', batch: 'batch-2', history: [], run: { attempt: 1 } });
  expect(tasks['t3']).toMatchObject({ state: 'open', requested: true, batch: null });
  expect(await words()).toEqual(['merged, unchecked', 'merged, unchecked', 'queued']);
  expect((await said(swarm, 'show task t1')).text).toMatch(/^batch: +batch-2 along with t2$/mu);
  expect((await said(swarm, 'show task t3')).text).toMatch(/^- 1\. .*, merged in batch-2 along with t2$/mu);
  expect((await said(swarm, 'history task t1')).data).toMatchObject([
    { result: expect.stringMatching(/, merged in batch-2 along with t2$/u) },
  ]);
  expect(((await said(swarm, 'status')).data as { tasks: object }).tasks).toMatchObject({ merged: 2, ready: 0 });
  expect((await said(swarm, 'show integration last')).message).toMatch(/^along {6}t1 {2}feature\/t1/mu);
  expect((await said(swarm, 'report integration')).text).toContain('Along with them came t1, which counts as merged.');
  expect((await swarm.propose('rollback integration last')).message).toContain('2 tasks (t2, t1) will be open again');
  expect((await said(swarm, 'rollback integration last')).message).toBe('batch-2 is taken back; open again: t2, t1.');
  expect((await swarm.state()).tasks['t1']).toMatchObject({ state: 'open', batch: null, history: [{ attempt: 1 }] });
});

test('[GIT-9] of work that a commit has taken back nothing comes along with what is begun after that, whatever attempts it had', async () => {
  await using swarm = await openSwarm({ env: quick });
  await said(swarm, 'launch 1 instance');
  for (const id of ['t1', 't2', 't4']) await said(swarm, `create task "${id}. rehearse: write ${id}.txt" id=${id}`);
  await said(swarm, 'run task t1 wait=true');
  await said(swarm, 'set task t1 title="One. rehearse: write more.txt"');
  await said(swarm, 'return task t1 "once more"');
  await isDone(swarm, 't1', 2);
  await said(swarm, 'merge branch t1');
  await said(swarm, 'run task t2 wait=true');
  await said(swarm, 'merge branch t2');
  await said(swarm, 'rollback integration batch-1');
  expect((await swarm.state()).batches['batch-1']!.rollback!.method).toBe('revert');
  await said(swarm, 'run task t4 wait=true');
  expect((await swarm.state()).tasks['t4']!.run!.built_on).toBe(undefined);
  expect((await said(swarm, 'merge branch t4')).message).not.toContain('t1');
  expect(files(swarm)).toEqual(expect.arrayContaining(['t2.txt', 't4.txt']));
  expect(files(swarm)).not.toContain('t1.txt');
  for (const line of ['show task t1', 'history task t1']) expect((await said(swarm, line)).text).not.toContain('along');
  expect((await swarm.state()).tasks['t1']).toMatchObject({ state: 'open', batch: null });
});
