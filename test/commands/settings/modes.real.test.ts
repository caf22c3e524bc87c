import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { BEAST, eventsOf, instanceIs, instanceNamed, QUICK, runOf, startsOf, taskIs } from '../stage.ts';

const script = (swarm: Swarm, id = 'rehearsal-1'): string =>
  readFileSync(`${swarm.paths.instances}/${id}/launch.sh`, 'utf8');

test('[AGT-7] beast mode is refused with the command that enables it, and works after that command was said', async () => {
  await using swarm = await openSwarm({ env: QUICK });
  await swarm.say('create task "Abc" id=abc');
  const refused = await swarm.say('run task abc beast mode');
  expect([refused.exit, refused.message, refused.hint]).toEqual([
    4,
    'The mode "beast" is not enabled in this repository.',
    'Enable it with: drover config set modes.beast.enabled true',
  ]);
  expect((await swarm.state()).instances).toEqual({});
  expect((await swarm.say('set config modes.beast.enabled true')).exit).toBe(0);
  const reply = await swarm.say('run task abc beast mode');
  expect(reply.message).toBe('1 task starts in beast mode; launched rehearsal-1.');
  await taskIs(swarm, 'abc', 'done');
  // Begun in the mode at once, not started twice.
  expect(await startsOf(swarm)).toBe(1);
  const instance = await instanceNamed(swarm);
  expect(instance).toMatchObject({ mode: 'beast', launch_mode: null });
  expect(instance.argv.join(' ')).toContain('--mode beast --autonomy full');
  expect(script(swarm)).toContain(`'--mode' 'beast' '--autonomy' 'full'`);
  expect(script(swarm)).toContain(`export DROVER_MODE='beast'`);
  expect((await runOf(swarm, 'abc')).mode).toBe('beast');
  expect((await swarm.say('show instance rehearsal-1')).text).toMatch(
    /mode: +beast[^\n]*\n(?:.*\n)*.*--autonomy full/u,
  );
});

test('a mode that does not exist, two modes at once, and one that is switched off are refused and nothing is begun', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', modes: { off: { enabled: false } } } });
  await swarm.say('create task "Abc" id=abc');
  const answers = ['mode=tddd', 'tdd-mode mode=safe', 'mode=off', 'agent=nobody', 'group=nobody'].map(async (how) => {
    const { exit, message, hint } = await swarm.say(`run task abc ${how}`);
    return [exit, message, hint];
  });
  expect(await Promise.all(answers)).toEqual([
    [3, 'There is no mode "tddd".', expect.stringContaining('Did you mean tdd?')],
    [2, expect.stringContaining('two are said, tdd and safe'), expect.anything()],
    [4, 'The mode "off" is not enabled in this repository.', expect.stringContaining('modes.off.enabled')],
    [3, 'no agent is called "nobody"', expect.anything()],
    [3, 'There is no group "nobody".', expect.anything()],
  ]);
  expect(await swarm.state()).toMatchObject({ instances: {}, tasks: { abc: { requested: false } } });
});

test('[AGT-7] an instance is made ready for a task of another mode, keeps worktree and colour, and goes back afterwards', async () => {
  await using swarm = await openSwarm({ settings: BEAST, env: QUICK });
  await swarm.say('launch 1 instance');
  const before = await instanceNamed(swarm);
  for (const id of ['ant', 'bee', 'cat']) await swarm.say(`create task "${id}" id=${id}`);
  await swarm.say('run task ant wait=true');
  expect((await swarm.say('run task bee beast mode wait=true')).exit).toBe(0);
  const prepared = await instanceNamed(swarm);
  expect(prepared).toMatchObject({
    mode: 'beast',
    launch_mode: null,
    restarts: 0,
    workspace_path: before.workspace_path,
    peacock_theme: before.peacock_theme,
  });
  expect(prepared.conversation).not.toBe(before.conversation);
  expect((await swarm.say('show instance rehearsal-1')).text).toContain('beast, goes back to none\n');
  expect((await swarm.say('run task cat wait=true')).exit).toBe(0);
  expect(await instanceNamed(swarm)).toMatchObject({ mode: null, launch_mode: null });
  expect(script(swarm)).not.toContain('DROVER_MODE');
  const runs = await Promise.all(['ant', 'bee', 'cat'].map((id) => runOf(swarm, id)));
  expect(runs.map((run) => run.mode)).toEqual([null, 'beast', null]);
  expect(await startsOf(swarm)).toBe(3);
});

test('[AGT-7] what is launched in a mode stays in it, also when it is restarted', async () => {
  await using swarm = await openSwarm({ settings: BEAST, env: QUICK });
  expect((await swarm.say('launch 1 instance tdd-mode')).exit).toBe(0);
  expect((await swarm.say('launch 1 instance mode=beast')).exit).toBe(0);
  expect(await instanceNamed(swarm)).toMatchObject({ mode: 'tdd', launch_mode: 'tdd' });
  expect(await instanceNamed(swarm, 'rehearsal-2')).toMatchObject({ mode: 'beast', launch_mode: 'beast' });
  await swarm.say('restart instance rehearsal-1');
  expect(await instanceNamed(swarm)).toMatchObject({ mode: 'tdd', launch_mode: 'tdd', restarts: 1 });
  expect(script(swarm)).toContain(`'--mode' 'tdd'`);
  await swarm.say('create task "Abc" id=abc');
  await swarm.say('run task abc on=rehearsal-1 wait=true');
  expect((await runOf(swarm, 'abc')).mode).toBe('tdd');
  expect(await startsOf(swarm)).toBe(3);
  const brief = (await swarm.say('show brief abc')).text;
  expect(brief).toContain('You work in tdd mode.');
  expect(brief).toContain('Plan: write down as tests');
});

test('[AGT-7] in safe mode the agent asks before it writes, in beast mode it asks nothing', async () => {
  await using swarm = await openSwarm({ settings: BEAST, env: QUICK });
  await swarm.say('create task "Abc" id=abc');
  await swarm.say('create task "Bcd" id=bcd description="rehearse: ask Which colour?"');
  await swarm.say('run task abc safe mode');
  const asking = await instanceIs(swarm, 'rehearsal-1', 'waiting');
  expect(asking.instances['rehearsal-1']!.question).toBe('May I write rehearsal/abc.md?');
  expect(existsSync(join(asking.instances['rehearsal-1']!.workspace_path, 'rehearsal/abc.md'))).toBe(false);
  await swarm.say('answer rehearsal-1 "yes"');
  await taskIs(swarm, 'abc', 'done');
  expect((await swarm.say('run task bcd beast mode wait=true')).exit).toBe(0);
  expect(
    (await eventsOf(swarm, 'alert.raised')).filter(({ data }) => String(data['id']).startsWith('waiting:')),
  ).toHaveLength(1);
});

test('[AGT-7] a review reports findings, needs no commit and no check, and what it changes is put aside', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', checks: { task: 'false' } }, env: QUICK });
  await swarm.say('create task "Look" id=look');
  await swarm.say('create task "Touch" id=touch description="rehearse: dirty"');
  await swarm.say('create task "Mute" id=mute description="rehearse: lie"');
  await swarm.say('create task "Commit" id=com description="rehearse: write a.txt"');
  expect((await swarm.say('run tasks look, touch review-mode sequential wait=true')).exit).toBe(0);
  const { tasks, instances } = await swarm.state();
  expect(tasks['look']!.run).toMatchObject({
    mode: 'review',
    summary: expect.stringContaining('no findings'),
    result: { commits: 0, head_commit: tasks['look']!.run!.start_commit, check_output: '' },
  });
  expect(tasks['touch']!.run!.result).toMatchObject({
    commits: 0,
    check_output: 'It was to change nothing, and did: left uncommitted: rehearsal/.\n',
  });
  expect((await swarm.say('show brief look')).text).toMatch(/change no file and commit nothing[\s\S]*what you found/u);
  expect(await swarm.say('run task mute review-mode wait=true')).toMatchObject({ exit: 1 });
  expect((await runOf(swarm, 'mute')).failure).toEqual({ class: 'agent', message: 'it reported no findings' });
  await swarm.say('run task com review-mode wait=true');
  expect((await runOf(swarm, 'com')).result).toMatchObject({
    commits: 0,
    head_commit: (await runOf(swarm, 'com')).start_commit,
    check_output: expect.stringMatching(
      /^It was to change nothing, and did: its commits stay on feature\/com-commit\.\n$/u,
    ),
  });
  // The branch of the review stayed where it was; the file that it left is in the archive.
  const { branch, start_commit } = tasks['touch']!.run!;
  expect(swarm.git('rev-parse', branch)).toBe(start_commit);
  const [kept] = swarm.git('for-each-ref', '--format=%(refname)', 'refs/drover/archive').split('\n');
  expect(swarm.git('ls-tree', '-r', '--name-only', kept!)).toContain('rehearsal/touch.left-over');
  expect(existsSync(join(instances['rehearsal-1']!.workspace_path, 'rehearsal/touch.left-over'))).toBe(false);
});
