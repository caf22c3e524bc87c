import { expect, test } from 'vitest';
import type { Task } from '../../../src/state/tasks.ts';
import { runMain } from '../../helpers/io.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { hang, hangs, history, instanceIs, taskIs } from '../stage.ts';

const shell = (swarm: Swarm, argv: readonly string[]) => runMain(argv, { cwd: swarm.root, env: swarm.env });
const ids = (data: unknown): string[] => (data as Task[]).map((task) => task.id);

test('[TSK-1] a task that is made in the shell has all its fields, and its record and each field can be got', async () => {
  await using swarm = await openSwarm();
  const options = ['--title', 'Add login', '--description', 'with a form', '--priority', 'high', '--check', 'npm test'];
  const more = [
    '--capabilities',
    'rust,docker',
    '--criteria',
    'It works; it is fast',
    '--estimate',
    '30m',
    '--id',
    'ant',
  ];
  const made = await shell(swarm, [
    'tasks',
    'create',
    ...options,
    ...more,
    '--requirements',
    '1.1, 1.2',
    '--group',
    'Web',
  ]);
  expect([made.exit, made.stdout, made.stderr]).toEqual([0, 'Created ant: Add login.\n', '']);
  expect((await shell(swarm, ['tasks', 'create', 'Add logout', '--deps', 'ant', '--complexity', '7'])).exit).toBe(0);
  const shown = await shell(swarm, ['tasks', 'show', 'ant', '--json']);
  expect(JSON.parse(shown.stdout)).toMatchObject({
    title: 'Add login',
    description: 'with a form',
    priority: 'high',
    check: 'npm test',
    required_capabilities: ['rust', 'docker'],
    acceptance_criteria: ['It works', 'it is fast'],
    requirements: ['1.1', '1.2'],
    group: 'Web',
    estimated_duration: 1_800_000,
    estimate: { ms: 1_800_000, basis: 'said' },
    needed_by: ['t1'],
    waits_for: [],
  });
  expect((await shell(swarm, ['tasks', 'get', 'ant', 'priority'])).stdout).toBe('high\n');
  expect((await swarm.say('get task ant state')).data).toBe('open');
  expect((await swarm.say('get t1 dependencies')).data).toEqual(['ant']);
  expect((await swarm.say('get task ant acceptance-criteria')).message).toBe('It works\nit is fast');
  expect((await swarm.say('get task ant run')).message).toBe('');
  expect((await swarm.say('get task t1 history')).message).toBe('');
  expect((await swarm.say('get task ant')).data).toMatchObject({ id: 'ant', word: 'ready', percent: 0 });
  const unknown = await swarm.say('get task ant colour');
  expect([unknown.exit, unknown.message]).toEqual([
    2,
    expect.stringContaining('there is no field "colour"; there are id, title'),
  ]);
  expect((await swarm.say('show task t1')).text).toContain('waits for:\n- ant Add login: ready');
});

test('[TSK-1] whatever a plan says of a task can be edited, and taken away again', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=ant');
  await swarm.say('create task Two id=bee');
  const edited = await shell(swarm, [
    'tasks',
    'edit',
    'bee',
    '--dependencies',
    'ant',
    '--capabilities',
    'rust',
    '--estimate',
    '2h',
    '--json',
  ]);
  expect(JSON.parse(edited.stdout)).toMatchObject({
    dependencies: ['ant'],
    required_capabilities: ['rust'],
    estimated_duration: 7_200_000,
  });
  const all = await swarm.say('change task bee criteria="one; two" requirements=1.1,2 group=Web complexity=3');
  expect(all.data).toMatchObject({
    acceptance_criteria: ['one', 'two'],
    requirements: ['1.1', '2'],
    group: 'Web',
    complexity_score: 3,
  });
  const none = await swarm.say(
    'set task bee deps=none capabilities=none estimate=none criteria=none requirements=none group=none',
  );
  expect(none.data).toMatchObject({
    dependencies: [],
    required_capabilities: [],
    estimated_duration: null,
    acceptance_criteria: [],
    requirements: [],
    group: null,
  });
  const before = await history(swarm);
  const refused: [string, number, string][] = [
    ['set task bee deps=ant dependencies=ant', 2, 'deps and dependencies are the same'],
    ['set task bee estimate=soon', 2, 'say it like 90s, 30m or 2h'],
    ['set task bee estimate=5', 2, 'say it like 90s, 30m or 2h'],
    ['set task bee spec=nope', 3, 'There is no spec "nope".'],
    ['set task bee complexity=11', 2, 'complexity'],
    ['set task bee colour=red', 2, 'colour'],
    ['create task Three spec=nope', 3, 'There is no spec "nope".'],
  ];
  for (const [text, exit, message] of refused) {
    const reply = await swarm.say(text);
    expect([text, reply.exit, reply.message]).toEqual([text, exit, expect.stringContaining(message)]);
  }
  expect(await history(swarm)).toEqual(before);
});

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

test('[TSK-1] a task is cancelled: its run ends, those that wait for it are named, and it can be done after all', async () => {
  await using swarm = await openSwarm();
  await swarm.say(hang('h'));
  await swarm.say('create task Two id=bee deps=h');
  await swarm.say('create task Three id=cat');
  await swarm.say('run task h');
  await hangs(swarm, 'h');
  const asked = await swarm.propose('cancel task h');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('interrupts 1 run (h)')]);
  const cancelled = await swarm.say('cancel task h');
  expect([cancelled.message, cancelled.data]).toEqual([
    'Cancelled h. bee will wait for ever: give them other prerequisites (deps=) or cancel them too.',
    { tasks: ['h'], stranded: ['bee'] },
  ]);
  const state = await instanceIs(swarm, 'rehearsal-1', 'idle');
  expect(state.tasks['h']).toMatchObject({
    state: 'cancelled',
    assignee: null,
    history: [{ failure: { class: 'stopped' } }],
  });
  expect((await swarm.say('cancel task h')).hint).toBe('To put it away say "archive task …".');
  expect((await swarm.propose('cancel task cat')).message).toBe('Cancelled cat.');
  expect((await swarm.propose('cancel all tasks')).message).toBe('Cancelled bee.');
  expect((await swarm.say('cancel all tasks')).message).toBe('There was nothing to cancel.');
  expect((await swarm.say('set task cat title=Again')).exit).toBe(0);
  await swarm.say('retry task cat');
  expect((await taskIs(swarm, 'cat', 'done')).tasks['cat']!.title).toBe('Again');
});

test('[TSK-1] archived tasks are out of lists and are not run, nothing of them is lost, and they come back', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=ant');
  await swarm.say('create task Two id=bee deps=ant');
  const needed = await swarm.say('archive task ant');
  expect([needed.exit, needed.message]).toEqual([6, 'ant is open; bee waits for it.']);
  expect((await swarm.say('archive tasks ant, bee')).data).toEqual(['ant', 'bee']);
  expect((await swarm.say('archive task ant')).message).toBe('They are archived already.');
  expect((await swarm.say('list tasks')).data).toEqual([]);
  expect(ids((await swarm.say('list archived tasks')).data)).toEqual(['ant', 'bee']);
  expect((await shell(swarm, ['tasks', 'list', '--archived'])).stdout).toContain('archived');
  expect((await swarm.say('show task ant')).text).toContain(', archived');
  expect((await swarm.say('retry task ant')).message).toContain('ant is archived');
  expect((await swarm.say('run task ant')).hint).toBe('To do it once more say "unarchive task" first.');
  expect((await swarm.say('run all tasks')).exit).toBe(6);
  expect((await swarm.say('unarchive all tasks')).data).toEqual(['ant', 'bee']);
  expect((await swarm.say('unarchive task ant')).message).toBe('They are not archived.');
  await swarm.say('run task ant wait=true');
  expect((await swarm.say('archive completed tasks')).data).toEqual(['ant']);
  await swarm.say(hang('h'));
  await swarm.say('run task h');
  await taskIs(swarm, 'h', 'running');
  expect((await swarm.say('archive task h')).hint).toBe('Say "stop task h" first.');
  await swarm.say('create task Last id=zed');
  await swarm.say('archive task zed');
  expect((await swarm.say('assign task zed to rehearsal-1')).message).toBe('zed is archived; it is not run.');
});

test('[TSK-6] tasks are taken out of the queue of one instance, and those that are not pinned are free when it leaves', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say(hang('h'));
  await swarm.say('assign task h to rehearsal-1');
  await taskIs(swarm, 'h', 'running');
  for (const id of ['ant', 'bee', 'cat']) await swarm.say(`create task ${id} id=${id}`);
  await swarm.say('assign tasks ant, bee to rehearsal-1');
  await swarm.say('assign task cat to rehearsal-1 pin=false');
  expect((await swarm.state()).tasks).toMatchObject({
    ant: { pinned: true },
    cat: { pinned: false, state: 'assigned' },
  });
  expect((await swarm.say('unassign tasks from rehearsal-1 except bee')).data).toEqual(['ant', 'cat']);
  expect((await swarm.say('unassign task ant from rehearsal-1')).exit).toBe(6);
  await swarm.say('launch 1 instance');
  expect((await swarm.say('reassign task bee pin')).message).toBe('Moved bee to rehearsal-2.');
  expect((await swarm.state()).tasks['bee']!.pinned).toBe(true);
  expect((await swarm.say('unassign tasks from rehearsal-1')).message).toBe('Nothing waited there.');
});

test('[TSK-1] a task is shown with its criteria, all its runs, what it needs and what it waits for', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task Base id=base');
  await swarm.say(
    'create task One id=ant check="test -f made" criteria="it works" capabilities=rust description="in short"',
  );
  await swarm.say('run task ant wait=true');
  await swarm.say('set task ant check=true');
  await swarm.say('retry task ant');
  await taskIs(swarm, 'ant', 'done');
  const { text } = await swarm.say('show task ant');
  expect(text).toMatch(
    /runs:\n- 1\. rehearsal-1 on .*: failed: check, .*\n- 2\. rehearsal-1 on .*: 1 commit, \d+ files?, /,
  );
  expect(text).toContain('criteria:\n- it works');
  expect(text).toMatch(/progress: +100%/);
  expect(text).toMatch(/needs: +rust/);
  expect(text).toMatch(/elapsed: +\d/);
  await swarm.say('create task Two id=bee deps=ant,base');
  await swarm.say('remove task base force');
  await swarm.say(hang('h'));
  await swarm.say('assign task h to rehearsal-1');
  await hangs(swarm, 'h');
  expect((await swarm.say('show task h')).text).toMatch(/instance: +rehearsal-1 \(pinned\)/);
  expect((await swarm.say('show task bee')).text).toMatch(/after: +ant, base\n[\s\S]*waits for:\n- base Base: ready$/m);
  expect((await swarm.say('show task ant')).text).toMatch(/before: +bee/);
});
