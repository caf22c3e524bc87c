import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runMain } from '../helpers/io.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';
import { until } from './until.ts';

const VALUE = 'X123-not-to-be-seen';

/** An agent that tells how long its secret is, and then the secret itself, when it is told to. */
const TELLER = [
  'sh',
  '-c',
  'echo "length $(printf %s "$TOKEN" | wc -c) name $NAME"; while read -r _line; do echo "it is <$TOKEN>"; done',
];
const settings = {
  agent: 'teller',
  agents: { teller: { command: TELLER, env: { TOKEN: 'secret:github', NAME: 'plain' } } },
};

const keep = (swarm: Swarm, name: string, value: string) =>
  runMain(['secrets', 'set', name, '-'], { cwd: swarm.root, env: swarm.env, stdin: `${value}\n` });

/** Whether a value stands in any file below the folders. */
const isFound = (value: string, ...folders: readonly string[]): boolean => {
  try {
    return execFileSync('grep', ['-rl', '--', value, ...folders], { encoding: 'utf8' }) !== '';
  } catch {
    return false;
  }
};

test('[SEC-3] an agent gets a secret that no file, answer, event or listing shows, and what it prints of it is taken out', async () => {
  await using swarm = await openSwarm({ settings });
  const kept = await keep(swarm, 'github', VALUE);
  expect([kept.exit, kept.stdout]).toEqual([0, expect.stringContaining('secret:github')]);
  expect((await swarm.say('list secrets')).data).toEqual([
    { name: 'github', changed_at: expect.any(String), used_by: ['agents.teller.env.TOKEN'] },
  ]);
  expect((await swarm.say('launch 1 instance')).exit).toBe(0);
  await until(swarm, (state) => state.instances['teller-1']?.state.kind === 'idle');
  const log = async () => (await swarm.say('show log teller-1')).text ?? '';
  await expect.poll(log).toContain(`length ${VALUE.length} name plain`);
  const places = [join(swarm.paths.commonDir, 'drover'), join(swarm.root, '.drover'), swarm.paths.data];
  expect(isFound(VALUE, ...places)).toBe(false);
  expect(readdirSync(join(swarm.paths.instances, 'teller-1'))).not.toContain('secrets.pipe');
  swarm.tmux('send-keys', '-t', '=r-teller-1:', 'go', 'Enter');
  await expect.poll(log).toContain('it is <***>');
  expect(await log()).not.toContain(VALUE);
  const printed = await runMain(['logs', 'teller-1', '--grep', 'it is'], { cwd: swarm.root, env: swarm.env });
  expect(printed.stdout).toContain('it is <***>');
  expect(printed.stdout).not.toContain(VALUE);
});

test('[SEC-3] what an agent or a check says of a secret reaches no event', async () => {
  const check = `echo "check sees <$KEY> and ghp_${'a1B2'.repeat(9)}"; false`;
  await using swarm = await openSwarm({
    settings: { agent: 'rehearsal', checks: { task: check, env: { KEY: 'secret:key' } } },
  });
  await keep(swarm, 'key', VALUE);
  await swarm.say('launch 1 instance');
  await swarm.say('create task One id=t1');
  await swarm.say('run task t1');
  const state = await until(swarm, (now) => now.tasks['t1']?.state === 'failed');
  expect(state.tasks['t1']!.run!.failure!.message).toContain('check sees <***> and ***');
  const journal = readdirSync(swarm.paths.journal).map((name) => readFileSync(join(swarm.paths.journal, name), 'utf8'));
  expect(journal.join('\n')).not.toContain(VALUE);
  expect(journal.join('\n')).not.toContain('ghp_a1B2');
});

test('[SEC-3] a secret that a check prints is taken out before its output is cut', async () => {
  const check = `printf '%0192d%s' 0 "$KEY"; false`;
  await using swarm = await openSwarm({
    settings: { agent: 'rehearsal', checks: { task: check, env: { KEY: 'secret:key' } } },
  });
  await keep(swarm, 'key', VALUE);
  await swarm.say('launch 1 instance');
  await swarm.say('create task One id=t1');
  await swarm.say('run task t1');
  const { tasks } = await until(swarm, (now) => now.tasks['t1']?.state === 'failed');
  expect(tasks['t1']!.run!.failure!.message).toMatch(/0\*\*\*$/u);
});

test('[SEC-3] checks see none of the person’s variables but those that the settings name', async () => {
  const names = ['GITHUB_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'DATABASE_URL', 'PATH', 'HOME', 'DROVER_TOKEN'];
  const check = names.map((name) => `echo "${name}=\${${name}+there}"`).join('; ');
  await using swarm = await openSwarm({
    settings: { agent: 'rehearsal', checks: { task: check, pass_env: ['DATABASE_URL'] } },
    env: { GITHUB_TOKEN: 'a', AWS_SECRET_ACCESS_KEY: 'b', DATABASE_URL: 'c' },
  });
  await swarm.say('launch 1 instance');
  await swarm.say('create task One id=t1');
  await swarm.say('run task t1');
  const state = await until(swarm, (now) => now.tasks['t1']?.state === 'done');
  expect(state.tasks['t1']!.run!.result!.check_output.trim().split('\n')).toEqual([
    'GITHUB_TOKEN=',
    'AWS_SECRET_ACCESS_KEY=',
    'DATABASE_URL=there',
    'PATH=there',
    'HOME=there',
    'DROVER_TOKEN=',
  ]);
});

test('an agent whose secret is not there is not started, and the sentence says how to set it', async () => {
  await using swarm = await openSwarm({ settings });
  await swarm.say('launch 1 instance');
  const state = await until(swarm, (now) => now.instances['teller-1']?.state.kind === 'failed');
  expect(JSON.stringify(state.alerts)).toContain('drover secrets set github -');
  expect(swarm.tmux('ls')).not.toContain('teller');
  await keep(swarm, 'github', VALUE);
  await swarm.say('restart instance teller-1');
  await until(swarm, (now) => now.instances['teller-1']?.state.kind === 'idle');
});

test.each([
  [['set'], '', 2],
  [['set', '../x', '-'], VALUE, 2],
  [['set', 'x', 'literal'], '', 2],
  [['set', 'x', '-'], 'abc', 2],
  [['set', 'x', '-'], '', 2],
  [['set', 'x', '-', 'more'], VALUE, 2],
])('secrets %j with %j on standard input ends with %i and keeps nothing', async (words, stdin, exit) => {
  await using swarm = await openSwarm();
  const result = await runMain(['secrets', ...words], { cwd: swarm.root, env: swarm.env, stdin });
  expect([result.exit, result.stdout]).toEqual([exit, '']);
  expect(existsSync(join(swarm.paths.data, 'drover/secrets/x.json'))).toBe(false);
});
