import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';
import { eventually } from './program.ts';

const agents = {
  ghost: { command: ['no-such-agent-anywhere', '--flag'] },
  gone: { command: ['./not/there'] },
  quitter: { command: ['sh', '-c', 'echo last words; exit 3'] },
  leaver: { command: ['sh', '-c', 'exit 0'] },
  'one-shot': { command: ['sh', '-c', 'exit 0'], prompt: 'argument' },
  shouter: {
    command: ['sh', '-c', 'head -c 52428800 /dev/zero | tr "\\0" "x" | fold -w 119; echo LAST-WORDS; exec cat'],
  },
  liar: {
    command: [
      'sh',
      '-c',
      'printf "\\033]52;c;aGFja2Vk\\007\\033]0;stolen title\\007\\033Pq#0\\033\\134\\033[?1049h\\033[21t\\033]8;;http://evil\\033\\134link\\033]8;;\\033\\134 plain words\\r\\n"; exec cat',
    ],
  },
};
const settings = { agent: 'rehearsal', agents };

const alertOf = async (swarm: Swarm, id: string): Promise<string> => (await swarm.state()).alerts[id]?.text ?? '';

test.each([
  ['ghost', 'no-such-agent-anywhere'],
  ['gone', './not/there'],
])('an agent whose program does not exist (%s) is refused before anything is made for it', async (agent, program) => {
  await using swarm = await openSwarm({ settings });
  const reply = await swarm.say(`launch 2 instances agent=${agent}`);
  expect([reply.exit, reply.message]).toEqual([3, `The program of ${agent}, "${program}", is not in PATH.`]);
  expect(reply.hint).toContain(`agents.${agent}.command`);
  expect((await swarm.state()).instances).toEqual({});
  expect([swarm.git('branch', '--format=%(refname:short)'), swarm.tmux('list-sessions')]).toEqual(['main', '']);
});

test('an agent that nobody configured is refused with the names of those there are', async () => {
  await using swarm = await openSwarm({ settings });
  const reply = await swarm.say('launch 1 instance agent=clod');
  expect([reply.exit, `${reply.message} ${reply.hint}`]).toEqual([
    expect.any(Number),
    expect.stringContaining('rehearsal'),
  ]);
  expect(reply.exit).not.toBe(0);
});

test.each([
  ['quitter', 3],
  ['leaver', 0],
])(
  'an agent that exits at once (%s) ends in a state that says how, and its task is not lost with it',
  async (agent, code) => {
    await using swarm = await openSwarm({ settings });
    await swarm.say('create task "Say hello" id=demo-1');
    await swarm.say(`launch 1 instance agent=${agent}`);
    await eventually(async () =>
      ['failed', 'stopped'].includes((await swarm.state()).instances[`${agent}-1`]?.state.kind ?? ''),
    );
    const state = await swarm.state();
    expect(state.instances[`${agent}-1`]).toMatchObject({
      state: { kind: code === 0 ? 'stopped' : 'failed', evidence: `ended with ${code}` },
      exit: { code, signal: null },
    });
    expect(await alertOf(swarm, `instance:${agent}-1`)).toBe(
      code === 0 ? '' : `${agent}-1 crashed: its program ended with ${code}`,
    );
    if (code !== 0)
      await expect.poll(async () => (await swarm.say(`show log ${agent}-1`)).text).toContain('last words');
    // Somebody else does it.
    expect(await swarm.say('run task demo-1 agent=rehearsal wait=true')).toMatchObject({ exit: 0 });
  },
);

test('a task whose agents all exit at once comes to an end that says so', async () => {
  await using swarm = await openSwarm({ settings });
  await swarm.say('create task "Say hello" id=demo-1');
  const reply = await swarm.say('run task demo-1 agent=one-shot wait=true');
  expect([reply.exit, reply.message]).toEqual([
    1,
    expect.stringMatching(/^demo-1 did not get done\. demo-1 failed \(no-commit\): /u),
  ]);
  expect((await swarm.state()).tasks['demo-1']).toMatchObject({
    state: 'failed',
    run: { failure: { class: 'no-commit' } },
  });
});

const bytesIn = (folder: string): number =>
  readdirSync(folder).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );

test('an agent that prints 50 MB at once fills neither the disk nor the time of the others', async () => {
  await using swarm = await openSwarm({ settings });
  await swarm.say('create task "Say hello" id=demo-1');
  await swarm.say('launch 1 instance agent=rehearsal');
  await swarm.say('launch 1 instance agent=shouter');
  expect(await swarm.say('run task demo-1 on=rehearsal-1 wait=true')).toMatchObject({ exit: 0 });
  const folder = `${swarm.paths.logs}/shouter-1`;
  let most = 0;
  await eventually(async () => {
    most = Math.max(most, bytesIn(folder));
    return (await swarm.say('show log shouter-1')).text.trimEnd().endsWith('LAST-WORDS');
  });
  expect(most).toBeLessThan(32 * 1024 * 1024);
  expect((await swarm.state()).instances['shouter-1']?.state.kind).not.toBe('failed');
  expect(await swarm.say('stop instance shouter-1 force')).toMatchObject({ exit: 0 });
});

test('[SEC-7] what an agent prints to take the clipboard or the title is not in what anybody is shown', async () => {
  await using swarm = await openSwarm({ settings });
  await swarm.say('launch 1 instance agent=liar');
  await eventually(async () => (await swarm.say('show log liar-1')).text.includes('plain words'));
  const { text } = await swarm.say('show log liar-1');
  expect(text.split('\n')).toContain('link plain words');
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u);
  expect(text).not.toMatch(/aGFja2Vk|stolen|evil/u);
  const shown = [swarm.tmux('list-panes', '-a', '-F', '#{window_name}'), swarm.tmux('show-buffer')];
  expect(shown).toEqual(['agent\nshell\nlog', '']);
});
