import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerOf, eventsOf, hang, hangs, instanceIs, until, worktreeAt } from '../../commands/stage.ts';
import { whileBusy } from '../../helpers/busy.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

const lines = (edits: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: 20 }, (_, i) => `${edits[i + 1] ?? `line ${i + 1}`}\n`).join('');

const FILES = { 'src/app.txt': lines(), 'other.txt': 'x\n' };

const edit = (swarm: Swarm, name: string, text: string, path = 'src/app.txt') =>
  writeFileSync(join(worktreeAt(swarm, name), path), text);

/** Two agents, each at a task that never ends by itself. */
const twoAtWork = async (settings: object = {}): Promise<Swarm> => {
  const swarm = await openSwarm({ files: FILES, settings: { agent: 'rehearsal', ...settings } });
  await swarm.say('launch 2 instances');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  await instanceIs(swarm, 'rehearsal-2', 'idle');
  for (const [task, instance] of [
    ['t7', 'rehearsal-1'],
    ['t8', 'rehearsal-2'],
  ] as const) {
    await swarm.say(hang(task));
    await swarm.say(`run task ${task} on=${instance}`);
    await hangs(swarm, task);
  }
  return swarm;
};

const ID = 'rehearsal-1/rehearsal-2';

// A plain `git status` may write the index that it is about to compare.
const statusOf = (swarm: Swarm, place: string): string =>
  swarm.git('--no-optional-locks', '-C', place, 'status', '--porcelain');

const digestOf = (swarm: Swarm): string =>
  createHash('sha256')
    .update(readFileSync(join(swarm.root, '.git', 'index')))
    .update(statusOf(swarm, swarm.root))
    .update(
      ['1', '2'].map((n) => readFileSync(join(swarm.root, '.git', 'worktrees', `rehearsal-${n}`, 'index'))).join(),
    )
    .update(['1', '2'].map((n) => statusOf(swarm, worktreeAt(swarm, `rehearsal-${n}`))).join())
    .digest('hex');

test('[WTR-7] what two agents change undeclared is an alert with both of them within 5 s, until it is over', async () => {
  await using swarm = await twoAtWork();
  edit(swarm, 'rehearsal-1', lines({ 3: 'ours', 4: 'ours' }));
  edit(swarm, 'rehearsal-2', lines({ 4: 'theirs', 15: 'theirs' }));
  const before = digestOf(swarm);
  const begun = performance.now();
  const { alerts, predicted } = await until(swarm, (state) => state.alerts[`conflict:${ID}`] !== undefined);
  expect(performance.now() - begun).toBeLessThan(whileBusy(5000));
  expect(alerts[`conflict:${ID}`]).toMatchObject({
    severity: 'warning',
    text: 't7 and t8 both change src/app.txt lines 3–4 (t7) and line 4 (t8) (rehearsal-1 and rehearsal-2)',
    suggestion: `show conflict ${ID}`,
  });
  expect(predicted[ID]).toMatchObject({ tasks: ['t7', 't8'], policy: 'warn', paused: null });
  const { text } = await swarm.say(`show conflict ${ID}`);
  expect(text.split('\n').slice(0, 17)).toEqual([
    `${ID}: t7 and t8 both change src/app.txt lines 3–4 (t7) and line 4 (t8) (rehearsal-1 and rehearsal-2)`,
    expect.stringMatching(/^ {2}t7 {7}\S/u),
    expect.stringMatching(/^ {2}t8 {7}\S/u),
    '  src/app.txt: both sides changed the same lines',
    '    line 3',
    '           | line 1',
    '           | line 2',
    '    base   | line 3',
    '    base   | line 4',
    '    t7     | ours',
    '    t7     | ours',
    '    t8     | line 3',
    '    t8     | theirs',
    '           | line 5',
    '           | line 6',
    '           | line 7',
  ]);
  expect(digestOf(swarm)).toBe(before);

  // Lines move with every edit: the answer follows, the journal does not grow.
  edit(swarm, 'rehearsal-2', `above\n${lines({ 4: 'theirs' })}`);
  await expect
    .poll(async () => (await answerOf<{ where: { lines: unknown }[] }>(swarm, `show conflict ${ID}`)).where[0]?.lines)
    .toEqual([[[3, 4]], [[5, 5]]]);
  expect(await eventsOf(swarm, 'conflict.predicted')).toHaveLength(1);

  // What is committed conflicts as it did.
  swarm.git('-C', worktreeAt(swarm, 'rehearsal-2'), 'commit', '-q', '-a', '-m', 'work');
  edit(swarm, 'rehearsal-1', lines({ 4: 'theirs' }));
  const over = await until(swarm, (state) => state.predicted[ID] === undefined);
  expect(over.alerts[`conflict:${ID}`]).toBeUndefined();
});

test('[WTR-7] a conflict that is known stays the same one when the daemon is started again', async () => {
  await using swarm = await twoAtWork();
  edit(swarm, 'rehearsal-1', lines({ 3: 'ours' }));
  edit(swarm, 'rehearsal-2', lines({ 3: 'theirs' }));
  await until(swarm, (state) => state.predicted[ID] !== undefined);
  await swarm.reopen();
  const where = async () => (await answerOf<{ where?: { lines: unknown }[] }>(swarm, `show conflict ${ID}`)).where;
  // Lines that are not recorded are known by looks at both.
  edit(swarm, 'rehearsal-2', `above\n${lines({ 3: 'theirs' })}`);
  await expect.poll(async () => (await where())?.[0]?.lines).toEqual([[[3, 3]], [[4, 4]]]);
  expect(await eventsOf(swarm, 'conflict.ended')).toEqual([]);
  expect(await eventsOf(swarm, 'conflict.predicted')).toHaveLength(1);
});

test('[GIT-4] integrate check names branches, files and tasks, without touching anything', async () => {
  await using swarm = await twoAtWork();
  expect(await swarm.say('integrate check')).toMatchObject({ exit: 0, data: { conflicts: [] } });
  edit(swarm, 'rehearsal-1', lines({ 3: 'ours' }));
  edit(swarm, 'rehearsal-2', lines({ 3: 'theirs' }));
  edit(swarm, 'rehearsal-2', 'theirs\n', 'other.txt');
  writeFileSync(join(swarm.root, 'other.txt'), 'by a person\n');
  swarm.git('commit', '-q', '-a', '-m', 'elsewhere');
  const before = digestOf(swarm);
  await until(swarm, (state) => state.predicted[ID] !== undefined);
  const reply = await swarm.say('integrate check');
  expect(reply).toMatchObject({
    exit: 6,
    data: {
      conflicts: [
        { tasks: [null, 't8'], files: [{ path: 'other.txt' }] },
        { tasks: ['t7', 't8'], files: [{ path: 'src/app.txt', kind: 'contents', lines: [[[3, 3]], [[3, 3]]] }] },
      ],
    },
  });
  expect(reply.text.split('\n')).toEqual([
    '2 branches compared with each other and with main: 2 conflicts foreseen.',
    expect.stringMatching(/^main and t8 \(feature\/t8-.*\)$/),
    '  other.txt line 1',
    expect.stringMatching(/^t7 \(feature\/t7-.*\) and t8 \(feature\/t8-.*\)$/),
    '  src/app.txt line 3',
  ]);
  expect(digestOf(swarm)).toBe(before);
});

test('[GIT-4] work that would conflict with what is merged already is told of, once for all that it came from', async () => {
  await using swarm = await twoAtWork({ conflicts: { tell: true } });
  edit(swarm, 'rehearsal-1', lines({ 3: 'ours' }));
  const first = worktreeAt(swarm, 'rehearsal-1');
  swarm.git('-C', first, 'commit', '-q', '-a', '-m', 'work');
  swarm.git('branch', 'drover/integration', swarm.git('-C', first, 'rev-parse', 'HEAD'));
  edit(swarm, 'rehearsal-2', lines({ 3: 'theirs' }));
  const id = 'rehearsal-2/integration';
  const { alerts, predicted } = await until(swarm, (state) => state.predicted[id] !== undefined);
  expect(Object.keys(predicted)).toEqual([id]);
  expect(alerts[`conflict:${id}`]!.text).toBe('t8 and integration both change src/app.txt line 3 (rehearsal-2)');
  expect((await swarm.say(`show conflict ${id}`)).text).toContain('src/app.txt line 3');
  await expect
    .poll(async () => (await swarm.say('show log rehearsal-2')).text.replace(/\s+/gu, ' '))
    .toContain('Drover: what is merged already changes src/app.txt line 3 as well');
  edit(swarm, 'rehearsal-2', lines({ 15: 'theirs' }));
  await until(swarm, (state) => state.predicted[id] === undefined);
});

test('with the policy pause whose run began later is paused, and a person lets it go on', async () => {
  await using swarm = await twoAtWork({ conflicts: { policy: 'pause' } });
  edit(swarm, 'rehearsal-1', lines({ 3: 'ours' }));
  edit(swarm, 'rehearsal-2', lines({ 3: 'theirs' }));
  const { alerts } = await until(swarm, (state) => state.instances['rehearsal-2']!.hold === 'frozen');
  expect(alerts[`conflict:${ID}`]).toMatchObject({
    text: expect.stringContaining('rehearsal-2 is paused until it is resumed'),
    suggestion: 'resume instance rehearsal-2',
  });
  await swarm.say('resume instance rehearsal-2');
  const state = await until(swarm, ({ instances }) => instances['rehearsal-2']!.hold === null);
  expect(state.predicted[ID]).toBeDefined();
});

test('[WTR-7] serialise lets the later one go on when the first is done', async () => {
  await using swarm = await twoAtWork({ conflicts: { policy: 'serialise' } });
  edit(swarm, 'rehearsal-1', lines({ 3: 'ours' }));
  edit(swarm, 'rehearsal-2', lines({ 3: 'theirs' }));
  await until(swarm, (state) => state.instances['rehearsal-2']!.hold === 'frozen');
  // Whoever claims the file waits for those who are found to change it.
  await swarm.say('create task "More" files=src/** id=t9');
  await swarm.say('launch 1 instances');
  await swarm.say('run task t9');
  expect((await swarm.say('show task t9')).text).toContain('blocked: claim on src/app.txt of t7');
  await swarm.say('stop task t7');
  await until(swarm, (state) => state.instances['rehearsal-2']!.hold === null);
});

test('both agents are told once, where that is wanted, and a folder that is gone ends it', async () => {
  await using swarm = await twoAtWork({ conflicts: { tell: true } });
  edit(swarm, 'rehearsal-1', lines({ 3: 'ours' }));
  edit(swarm, 'rehearsal-2', lines({ 3: 'theirs' }));
  for (const [name, other] of [
    ['rehearsal-1', 't8 of rehearsal-2'],
    ['rehearsal-2', 't7 of rehearsal-1'],
  ])
    await expect
      .poll(async () => (await swarm.say(`show log ${name}`)).text.replace(/\s+/gu, ' '))
      .toContain(`Drover: ${other} changes src/app.txt line 3 as well`);
  rmSync(worktreeAt(swarm, 'rehearsal-2'), { recursive: true });
  await until(swarm, (state) => state.predicted[ID] === undefined);
});

test('what one has changed and the other has taken away is told by whom, and what is merged already is called that', async () => {
  await using swarm = await twoAtWork();
  edit(swarm, 'rehearsal-1', 'mine\n', 'other.txt');
  rmSync(join(worktreeAt(swarm, 'rehearsal-2'), 'other.txt'));
  await until(swarm, (state) => state.predicted[ID] !== undefined);
  expect((await swarm.say(`show conflict ${ID}`)).text).toContain('  other.txt: t7 changed it, and t8 took it away');
  const first = worktreeAt(swarm, 'rehearsal-1');
  swarm.git('-C', first, 'commit', '-q', '-a', '-m', 'work');
  swarm.git('branch', 'drover/integration', swarm.git('-C', first, 'rev-parse', 'HEAD'));
  swarm.git('-C', worktreeAt(swarm, 'rehearsal-2'), 'checkout', '-q', '--', 'other.txt');
  edit(swarm, 'rehearsal-2', 'yours\n', 'other.txt');
  const id = 'rehearsal-2/integration';
  await until(swarm, (state) => state.predicted[id] !== undefined);
  const { data, text } = await swarm.say(`show conflict ${id}`);
  expect(text).toContain('  integration   what is merged already');
  expect(text).toContain('    t8          | yours\n    integration | mine');
  expect(data).toMatchObject({ examined: null, met: [{ path: 'other.txt', hunks: [{ ours: ['yours'] }] }] });
});

test('[GIT-4] finished branches that wait to be merged are told of by their tasks when their agents go on with others', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal' }, env: { DROVER_REHEARSAL_TASK_MS: '20' } });
  await swarm.say('launch 2 instances');
  for (const [id, on] of [
    ['t21', 'rehearsal-1'],
    ['t22', 'rehearsal-2'],
  ]) {
    await swarm.say(`create task "${id}. rehearse: write both.txt" id=${id}`);
    await swarm.say(`run task ${id} on=${on} wait=true`);
  }
  await until(swarm, ({ predicted }) => predicted[ID] !== undefined);
  for (const [id, on] of [
    ['t23', 'rehearsal-1'],
    ['t24', 'rehearsal-2'],
  ] as const) {
    await swarm.say(hang(id));
    await swarm.say(`run task ${id} on=${on}`);
    await hangs(swarm, id);
  }
  const moved = await until(swarm, ({ predicted }) => predicted['t21/t22'] !== undefined);
  expect(moved.alerts['conflict:t21/t22']!.text).toMatch(/^t21 and t22 both change both\.txt [^()]*$/u);
  const known = await until(swarm, ({ predicted }) => Object.keys(predicted).length === 1);
  expect(Object.keys(known.alerts).filter((id) => id.startsWith('conflict:'))).toEqual(['conflict:t21/t22']);
  expect((await swarm.say('list conflicts')).message).toContain('1 conflict, 1 open.');
  expect((await swarm.say('show conflict t22')).text).toContain('both.txt');
  expect((await eventsOf(swarm, 'conflict.ended')).map(({ data }) => data)).not.toContainEqual(
    expect.objectContaining({ because: 'the two would merge now' }),
  );
  await swarm.reopen();
  await swarm.say('merge branch t21');
  const after = await until(swarm, ({ predicted }) => predicted['t21/t22'] === undefined);
  expect(after.predicted['t22/integration']?.tasks).toEqual(['t22', null]);
});
