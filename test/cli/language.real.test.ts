import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runMain } from '../helpers/io.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';
import { writeTrusted } from '../helpers/trust.ts';

const settingsWith = (...names: readonly string[]) => ({
  agent: 'rehearsal',
  agents: Object.fromEntries(names.map((name) => [name, { command: ['true'] }])),
});

let swarm: Swarm;
beforeAll(async () => {
  swarm = await openSwarm({ settings: settingsWith('mine') });
});
afterAll(() => swarm[Symbol.asyncDispose]());

const run = (...argv: readonly string[]) => runMain(argv, { cwd: swarm.root, env: swarm.env });

test.each([
  [['do', 'preview launch 2 mine agents'], 'launch instance count=2 agent=mine'],
  [['preview', 'launch 2 instances with mine'], 'launch instance count=2 agent=mine'],
  [['preview', 'scale up by 2 with mine'], 'scale up instances 2 agent=mine'],
  [['do', 'test protocol parse "launch 2 mine agents"'], 'agent=mine'],
  [['parse', 'launch 2 mine agents'], 'agent="mine"'],
])('[PRT-3] after "drover %s" an agent of the configuration is understood', async (argv, said) => {
  const { exit, stdout, stderr } = await run(...argv);
  expect([exit, stderr]).toEqual([0, '']);
  expect(stdout).toContain(said);
});

test('[CLI-2] the shell is offered the agents that exist, and the language changes with the configuration', async () => {
  const offered = async () => (await run('completion', 'words', '--', 'launch', '2', 'with', '')).stdout.split('\n');
  const preview = () => swarm.say('preview "launch 2 yours agents"');
  expect(await offered()).toEqual(expect.arrayContaining(['claude', 'mine']));
  expect(await offered()).not.toEqual(expect.arrayContaining(['amp']));
  expect(await preview()).toMatchObject({ exit: 2, message: 'Unknown agent "yours".' });
  writeTrusted(swarm.paths.config, swarm.env, settingsWith('yours'));
  expect(await offered()).toEqual(expect.arrayContaining(['claude', 'yours']));
  expect(await offered()).not.toContain('mine');
  await vi.waitUntil(async () => (await preview()).exit === 0);
  expect(await run('do', 'launch 2 mine agents')).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('Unknown agent "mine".'),
  });
});

test('an agent of the configuration that nobody has trusted is refused as what it is, wherever it is said', async () => {
  writeFileSync(swarm.paths.config, JSON.stringify(settingsWith('yours', 'robot')));
  const refused = {
    exit: 5,
    stderr: expect.stringContaining(
      'The agent "robot" is in the configuration, and nobody has trusted it yet.\nLook at it and decide: drover trust',
    ),
  };
  await vi.waitUntil(async () => (await swarm.say('preview "launch 2 robot agents"')).exit === 5);
  expect(await run('do', 'launch 2 robot agents')).toMatchObject(refused);
  expect(await run('run', 't2', 'with', 'robot')).toMatchObject(refused);
  expect(await run('parse', 'launch robot')).toMatchObject(refused);
});

test('outside of a repository, and where the settings cannot be read, the agents are those that come with Drover', async () => {
  const outside = await runMain(['parse', 'launch 2 kiro agents'], { cwd: '/', env: swarm.env });
  expect(outside).toMatchObject({ exit: 0, stdout: expect.stringContaining('agent="kiro"') });
  writeFileSync(swarm.paths.config, '{');
  expect(await run('parse', 'launch 2 kiro agents')).toMatchObject({ exit: 0 });
  expect(await run('parse', 'launch 2 mine agents')).toMatchObject({ exit: 2 });
});
