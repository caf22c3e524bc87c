import { expect, test } from 'vitest';
import { ask } from '../../../src/client/request.ts';
import { listTask } from '../../../src/commands/tasks/list-task.ts';
import type { Task } from '../../../src/state/tasks.ts';
import { openDesk } from '../../helpers/desk.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { created } from '../../tasks/journal.ts';
import { shell } from '../stage.ts';

const ids = (data: unknown): string[] => (data as Task[]).map((task) => task.id);

const see = async (swarm: Swarm, text: string, columns: number, color = false): Promise<string> =>
  (await ask(swarm.paths, swarm.env, { text, actor: 'cli', view: { columns, color } })).text;

test('[TSK-1] the list is filtered by state, plan, part, instance, priority and text, and cut at a limit', async () => {
  await using swarm = await openSwarm({
    files: { 'demo/tasks.md': '- [ ] 1. Web\n  - [ ] 1.1 Add login\n    - with a form\n  - [x] 1.2 Add logout\n' },
  });
  await swarm.say('import spec demo');
  await swarm.say('create task "Write the Form" id=ant priority=high');
  await swarm.say('create task "Another of the plan" id=bee spec=demo group=Web');
  await swarm.say('run task ant wait=true');
  const listed = async (filter: string) => ids((await swarm.say(`list tasks ${filter}`)).data);
  expect(await listed('spec=demo')).toEqual(['1.1', '1.2', 'bee']);
  expect(await listed('group=web')).toEqual(['1.1', '1.2', 'bee']);
  expect(await listed('search=FORM')).toEqual(['1.1', 'ant']);
  expect(await listed('search=form spec=demo state=ready')).toEqual(['1.1']);
  expect(await listed('priority=high')).toEqual(['ant']);
  expect(await listed('assignee=rehearsal-1')).toEqual(['ant']);
  expect(await listed('completed limit=1')).toEqual(['1.2']);
  expect((await shell(swarm, ['tasks', 'list', '--state', 'failed', '--json'])).stdout).toBe('[]\n');
  expect(ids(JSON.parse((await shell(swarm, ['tasks', 'list', '--search', 'logout', '--json'])).stdout))).toEqual([
    '1.2',
  ]);
  expect((await swarm.say('list tasks spec=nope')).exit).toBe(3);
  expect((await swarm.say('list tasks assignee=kiro-9')).message).toBe('There is no instance "kiro-9".');
  expect((await swarm.say('list specs')).data).toMatchObject([{ name: 'demo', progress: { total: 3, done: 1 } }]);
});

test('a task that is ready is shown as ready, whatever else is listed', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=t1');
  await swarm.say('create task Two id=t2 deps=t1');
  await swarm.say('run task t1 wait=true');
  expect(await see(swarm, 'list ready tasks', 80)).toMatch(/t2 +ready/);
  expect(await see(swarm, 'status swarm detailed', 80)).toMatch(/t2 +ready/);
  expect((await swarm.say('list tasks limit=1')).data).toMatchObject([
    { id: 't1', word: 'done, unchecked', unchecked: true },
  ]);
});

test('a state that no task has is an error', async () => {
  const desk = openDesk(listTask, [created('ant')]);
  const refused: [string, number, string][] = [['list tasks state=purple', 2, '"purple" is no state of a task.']];
  for (const [text, exit, message] of refused) {
    const reply = await desk.say(text);
    expect([text, reply.exit, reply.message]).toEqual([text, exit, expect.stringContaining(message)]);
  }
  expect(desk.recorded()).toEqual([]);
});

test('tasks of which none matches are not told of as no tasks at all', async () => {
  const desk = openDesk(listTask, [created('ant')]);
  for (const text of ['list failed tasks', 'list tasks search=zzz'])
    expect(await desk.say(text)).toMatchObject({ exit: 0, message: 'No task matches.', text: 'No task matches.' });
  const empty = await openDesk(listTask).say('list tasks');
  expect([empty.message, empty.text]).toEqual(['0 tasks.', expect.stringContaining('Import a plan')]);
});
