import { expect, test } from 'vitest';
import { showConflict } from '../../../src/commands/git/show-conflict.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { forecast } from '../../../src/tui/prompt/prompt-forecast.ts';
import { language, settings } from '../../fixtures/signatures.ts';
import { openDesk } from '../../helpers/desk.ts';
import { story } from '../../state/story.ts';
import { created, instance, started, verified } from '../../tasks/journal.ts';

const radar = { now: () => [], looks: () => new Map(), examine: async () => [] };

test('a conflict is shown with its files, and said to be over when it is', async () => {
  const { message, data } = await openDesk(showConflict, story, { radar }).say('show conflict batch-1/3');
  expect(message).toBe('batch-1/3: both edit it (over)\n  a.ts');
  expect(data).toMatchObject({ kind: 'merge', batch: 'batch-1', task: '3', open: false });
});

test('[REC-7] what gets a conflict that is in the way out of it is proposed, and can be said then', async () => {
  const aside: EventDraft[] = [
    ...instance('c-1'),
    ...[created('t8'), started('t8', 'c-1'), verified('t8')],
    { type: 'batch.started', data: { id: 'batch-1', target: 'i', base_commit: 'c', tasks: ['t8'] } },
    {
      type: 'batch.set_aside',
      data: { id: 'batch-1', task: 't8', reason: 'conflict', message: 'x', files: ['a.ts'], commit: 'abc' },
    },
    {
      type: 'conflict.examined',
      data: {
        ...{ batch: 'batch-1', task: 't8', ours: 'c', theirs: 'abc', with: ['t7'], note: null },
        files: [{ path: 'a.ts', solved: false, how: 'both sides changed the same lines', lines: 1, hunks: [] }],
      },
    },
    { type: 'batch.finished', data: { id: 'batch-1' } },
  ];
  const desk = openDesk(showConflict, aside, { radar });
  const { suggestions } = (await desk.say('show conflict t8')).data as { suggestions: { command: string }[] };
  const commands = suggestions.map(({ command }) => command);
  expect(commands).toContain('resolve conflicts auto');
  const standing = { state: desk.state, settings };
  for (const command of commands)
    expect([command, forecast(command.replace('…', 'x'), standing, language).kind]).toEqual([command, 'ok']);
  // One that is over is left alone.
  const merged: EventDraft[] = [
    { type: 'batch.started', data: { id: 'batch-2', target: 'i', base_commit: 'c', tasks: ['t8'] } },
    { type: 'batch.merged', data: { id: 'batch-2', task: 't8', branch: 'b', commit: 'c1' } },
    { type: 'batch.finished', data: { id: 'batch-2' } },
  ];
  const over = await openDesk(showConflict, [...aside, ...merged], { radar }).say('show conflict t8');
  expect(over.data).toMatchObject({ open: false, suggestions: [] });
});

test('[REC-7] what makes finished work fit what is merged already is proposed before a batch meets it, and can be said', async () => {
  const clash: EventDraft = {
    type: 'conflict.predicted',
    data: {
      ...{ id: 't8/integration', policy: 'warn', paused: null },
      ...{ instances: ['t8', 'integration'], tasks: ['t8', null] },
      files: [{ path: 'a.ts', kind: 'contents', lines: [[[5, 5]], [[5, 5]]] }],
    },
  };
  const facts = [...instance('c-1'), created('t8'), started('t8', 'c-1'), verified('t8'), clash];
  const desk = openDesk(showConflict, facts, { radar });
  const { suggestions } = (await desk.say('show conflict t8/integration')).data as {
    suggestions: { command: string }[];
  };
  expect(suggestions.map(({ command }) => command)).toEqual([
    'return task t8 "Merge the branch drover/integration into yours and resolve the conflicts"',
    'takeover task t8',
  ]);
  const gone = openDesk(showConflict, [...facts, { type: 'task.removed', data: { id: 't8' } }], { radar });
  expect((await gone.say('show conflict t8/integration')).data).toMatchObject({ suggestions: [] });
  for (const { command } of suggestions)
    expect([command, forecast(command, { state: desk.state, settings }, language).kind]).toEqual([command, 'ok']);
});

test('a conflict that is not there is an error that names those that are', async () => {
  const reply = await openDesk(showConflict, story, { radar }).say('show conflict batch-1/4');
  expect([reply.exit, reply.hint]).toEqual([3, 'Did you mean batch-1/3? Known: batch-1/3.']);
});

test('a conflict that is foreseen is shown as it is now, with the lines of both by their names', async () => {
  const instances: [string, string] = ['c-1', 'c-2'];
  const tasks: [string, string] = ['t7', 't8'];
  const files = [
    { path: 'a.ts', kind: 'contents', lines: [[[3, 3]], [[3, 3]]] satisfies [[number, number][], unknown] },
  ];
  const pair = { instances, tasks, files: files as never };
  const met = {
    ...{ path: 'a.ts', solved: false, how: 'both sides changed the same lines', lines: 1 },
    hunks: [{ line: 3, before: ['two'], base: ['three'], ours: ['drei'], theirs: [], after: ['four\u001B[2J'] }],
  };
  const json = { path: 'package.json', solved: true, how: 'merged key by key', lines: 0, hunks: [] };
  const asked: unknown[] = [];
  const examine = async (one: unknown) => {
    asked.push(one);
    return [met, json];
  };
  const drafts = [...instance('c-1'), ...instance('c-2'), created('t7'), created('t8')];
  const desk = openDesk(showConflict, drafts, { radar: { ...radar, now: () => [pair], examine } });
  const { message, data } = await desk.say('show conflict c-1/c-2');
  expect(message.split('\n')).toEqual([
    'c-1/c-2: t7 and t8 both change a.ts line 3 (c-1 and c-2)',
    expect.stringMatching(/^ {2}t7 {7}\S/u),
    expect.stringMatching(/^ {2}t8 {7}\S/u),
    '  a.ts: both sides changed the same lines',
    '    line 3',
    '           | two',
    '    base   | three',
    '    t7     | drei',
    '    t8     | (nothing)',
    String.raw`           | four\u001b[2J`,
    '  package.json: would be resolved, merged key by key',
  ]);
  expect(asked).toEqual([pair]);
  expect(data).toMatchObject({ kind: 'predicted', examined: null, met: [met, json] });
  // Where one of the two cannot be seen there are the places alone.
  const blind = openDesk(showConflict, drafts, { radar: { ...radar, now: () => [pair] } });
  expect((await blind.say('show conflict t8')).message).toMatch(/\n {2}a\.ts line 3$/u);
});
