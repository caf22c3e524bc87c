import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { writeTrusted } from '../../helpers/trust.ts';
import { BEAST, eventsOf, hang, instanceIs, QUICK, runOf, startsOf, taskIs, until } from '../stage.ts';

test('[AGT-7] the gates of a mode decide after the check, and the brief names them', async () => {
  const modes = { strict: { gates: ['test -e rehearsal/good.md', 'test -e gate.ok'] } };
  await using swarm = await openSwarm({
    settings: { agent: 'rehearsal', checks: { task: 'true' }, modes },
    env: QUICK,
  });
  await swarm.say('create task "Good" id=good');
  await swarm.say('run task good mode=strict wait=true');
  expect((await runOf(swarm, 'good')).failure).toEqual({ class: 'gate', message: '"test -e gate.ok" ended with 1' });
  const brief = (await swarm.say('show brief good')).text;
  expect(brief).toContain('Then these gates decide as well');
  expect(brief).toContain('`test -e rehearsal/good.md`, `test -e gate.ok`');
  await swarm.say('set task good description="rehearse: write gate.ok"');
  expect((await swarm.say('run task good mode=strict wait=true')).exit).toBe(0);
  // Without the mode nothing of it holds.
  await swarm.say('create task "Dog" id=dog');
  expect((await swarm.say('run task dog wait=true')).exit).toBe(0);
});

/** A check that fails so often, wherever it is run. */
const failing = (file: string, times: number): string => `echo x >> ${file} && test "$(wc -l < ${file})" -gt ${times}`;

test('[AGT-7] a failed run is tried again by itself as often as the mode says, with the reasons', async () => {
  await using swarm = await openSwarm({ settings: BEAST, env: QUICK });
  // Each attempt runs it twice: the agent, and then the verification.
  writeFileSync(join(swarm.root, '..', 'tries.sh'), failing(join(swarm.root, '..', 'tries'), 2));
  await swarm.say(`create task "Abc" id=abc check="sh ${join(swarm.root, '..', 'tries.sh')}"`);
  expect((await swarm.say('run task abc beast mode wait=true')).message).toBe('1 task done.');
  const task = (await swarm.state()).tasks['abc']!;
  expect(task).toMatchObject({ attempts: 2, retries: 1, mode: 'beast', history: [{ failure: { class: 'check' } }] });
  const [again] = await eventsOf(swarm, 'task.reopened');
  expect(again!.data['reason']).toMatch(/^tried again by itself, 1 of 2 in beast mode: check: /u);
  expect((await swarm.state()).alerts).toEqual({});
  const brief = (await swarm.say('show brief abc')).text;
  expect(brief).toMatch(/## Earlier attempts\n\nAttempt 2\. The ones before:\n\n- The 1\. ended with check: /u);

  await swarm.say('create task "Cat" id=cat check=false');
  expect((await swarm.say('run task cat mode=beast wait=true')).exit).toBe(1);
  expect((await swarm.state()).tasks['cat']).toMatchObject({ attempts: 3, retries: 2, state: 'failed' });
  // A person who asks again has as many more; without the mode it is tried once.
  await swarm.say('run task cat wait=true');
  expect((await swarm.state()).tasks['cat']).toMatchObject({ attempts: 4, mode: null, retries: 0 });
});

test('[AGT-7] a crash counts as a failed run of the mode, and another instance tries again', async () => {
  await using swarm = await openSwarm({ settings: { ...BEAST, recovery: { tries: 0 } }, env: QUICK });
  await swarm.say('launch 2 instances');
  await swarm.say('create task "Boom" id=boom description="rehearse: crash"');
  const reply = await swarm.say('run task boom beast mode wait=true');
  expect([reply.exit, reply.message]).toEqual([
    1,
    expect.stringMatching(/^boom did not get done\. boom failed \(crash\): /u),
  ]);
  const state = await swarm.state();
  expect(state.tasks['boom']!.attempts).toBe(2);
  expect(Object.values(state.instances).map((instance) => instance.state.kind)).toEqual(['failed', 'failed']);
  const reasons = (await eventsOf(swarm, 'task.reopened')).map(({ data }) => data['reason']);
  expect(reasons).toEqual([
    expect.stringMatching(/^tried again by itself, 1 of 2 in beast mode: crash: /u),
    expect.stringMatching(/^tried again by itself, 2 of 2 in beast mode: crash: /u),
  ]);
});

test('a task that was given to one instance is tried again there', async () => {
  await using swarm = await openSwarm({ settings: BEAST, env: QUICK });
  await swarm.say('launch 2 instances beast-mode');
  await swarm.say('create task "Abc" id=abc check=false');
  expect((await swarm.say('run task abc on=rehearsal-2 wait=true')).exit).toBe(1);
  const task = (await swarm.state()).tasks['abc']!;
  expect([...task.history, task.run!].map((run) => [run.instance, run.mode])).toEqual([
    ['rehearsal-2', 'beast'],
    ['rehearsal-2', 'beast'],
    ['rehearsal-2', 'beast'],
  ]);
});

test('a mode whose program does not start costs one instance, not one after the other, and the task says why', async () => {
  const modes = { odd: { args: { rehearsal: ['--odd'] } } };
  await using swarm = await openSwarm({ env: QUICK });
  const agents = { rehearsal: { command: ['sh', '-c', 'case "$*" in *--odd*) exit 3 ;; esac; exec node "$@"', 'sh'] } };
  writeTrusted(swarm.paths.config, swarm.env, { agent: 'rehearsal', modes, agents });
  await swarm.reopen();
  await swarm.say('launch 2 instances');
  await swarm.say('create task "Abc" id=abc');
  expect((await swarm.say('run task abc mode=odd wait=true')).exit).toBe(1);
  const state = await swarm.state();
  expect(state.tasks['abc']).toMatchObject({ state: 'blocked', attempts: 0 });
  expect(state.tasks['abc']!.blocked_by).toMatch(/^rehearsal-1 could not be made ready for it: .* ended with 3$/u);
  expect(Object.values(state.instances).map((instance) => instance.state.kind)).toEqual(['failed', 'idle']);
  expect((await swarm.say('run task abc wait=true')).exit).toBe(0);
});

test('a mode that was switched off after tasks were asked for is not begun, and its instance goes on', async () => {
  await using swarm = await openSwarm({ settings: BEAST, env: QUICK });
  await swarm.say(hang('h'));
  await swarm.say('create task "Abc" id=abc');
  await swarm.say('run task h');
  await taskIs(swarm, 'h', 'running');
  await swarm.say('run task abc beast mode');
  expect((await swarm.say('set config modes.beast.enabled false')).exit).toBe(0);
  await swarm.say('stop task h');
  const state = await taskIs(swarm, 'abc', 'blocked');
  expect(state.tasks['abc']!.blocked_by).toContain('The mode "beast" is not enabled in this repository.');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  expect(await startsOf(swarm)).toBe(1);
});

test('[AGT-7] Claude is not started without limits as root, unless the machine is said to be a sandbox', async () => {
  const spy = vi.spyOn(process, 'getuid').mockReturnValue(0);
  const bin = execFileSync('sh', ['-c', 'command -v true'], { encoding: 'utf8' }).trim();
  const claude = { command: [bin] };
  const swarm = await openSwarm({ settings: { ...BEAST, agents: { claude } } });
  try {
    await swarm.say('create task "Abc" id=abc');
    const refused = await swarm.say('run task abc beast mode agent=claude');
    expect([refused.exit, refused.message]).toEqual([
      4,
      'claude does not start in beast mode as root, because nothing would hold it back.',
    ]);
    expect(refused.hint).toContain('agents.claude.env.IS_SANDBOX');
    expect((await swarm.say('set config agents.claude.env.IS_SANDBOX 1')).exit).toBe(0);
    await swarm.say('run task abc beast mode agent=claude');
    const state = await until(swarm, (now) => (now.instances['claude-1']?.argv.length ?? 0) > 0);
    expect(state.instances['claude-1']!.argv.join(' ')).toContain('--permission-mode bypassPermissions');
    expect(readFileSync(`${swarm.paths.instances}/claude-1/settings.json`, 'utf8')).toContain(
      '"skipDangerousModePermissionPrompt": true',
    );
  } finally {
    await swarm[Symbol.asyncDispose]();
    spy.mockRestore();
  }
});
