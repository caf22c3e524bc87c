import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { shell } from '../stage.ts';

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
    expect.stringContaining('there is no field "colour"; there are id, number, title'),
  ]);
  expect((await swarm.say('show task t1')).text).toContain('waits for:\n- ant Add login: ready');
});
