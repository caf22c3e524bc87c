import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { homeOf } from '../../src/daemon/services.ts';
import { instanceIs, until } from '../commands/stage.ts';
import { comeAndGo } from '../helpers/come-and-go.ts';
import { noSandbox } from '../helpers/sandbox.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';
import { below } from './tree.ts';

const WORKTREE = { mode: 'worktree', need: 'required' } as const;
const PERSONS = { GITHUB_TOKEN: 'of-the-person', DROVER_SECRET_KEY: 'of-drover', SSH_AUTH_SOCK: '/tmp/agent' };

const openShutIn = (settings: object = {}, env: Record<string, string> = {}): Promise<Swarm> =>
  openSwarm({ settings: { agent: 'rehearsal', sandbox: WORKTREE, ...settings }, env });

/** How programs end that end themselves, by their ids, with this sandbox. */
const ENDS = {
  code: 'exit 7',
  killed: 'kill -KILL $$',
  ended: 'kill -TERM $$',
  said: 'exit 143',
} as const;

const endsWith = async (sandbox: object) => {
  const agents = Object.fromEntries(
    Object.entries(ENDS).map(([name, script]) => [name, { command: ['sh', '-c', script] }]),
  );
  await using swarm = await openSwarm({ settings: { agent: 'code', sandbox, agents } });
  for (const name of Object.keys(ENDS)) await swarm.say(`launch 1 ${name} instance`);
  const ids = Object.keys(ENDS).map((name) => `${name}-1`);
  const { instances } = await until(swarm, (state) => ids.every((id) => state.instances[id]?.exit != null));
  return ids.map((id) => ({ id, exit: instances[id]!.exit, sandbox: instances[id]!.sandbox }));
};

describe.skipIf(noSandbox !== undefined)(`the life of an agent in a sandbox (${noSandbox ?? 'there is one'})`, () => {
  test('[INS-8] what its whole tree takes is counted inside, and it is told of and paused at its limit', async () => {
    await using swarm = await openShutIn({ resources: { memory_mb: 200, action: 'pause' } });
    await swarm.say('create task "Leak rehearse: allocate 300MB; hang" id=l1');
    await swarm.say('run task l1');
    const { alerts, instances } = await instanceIs(swarm, 'rehearsal-1', 'paused');
    expect(instances['rehearsal-1']!.sandbox).toBe('worktree');
    expect(alerts['memory:rehearsal-1']!.text).toMatch(
      /^rehearsal-1 takes [2-9]\d\d MB of memory, more than its limit of 200 MB; it is paused$/u,
    );
    const [row] = (await swarm.say('top instances')).data as { memory_mb: number; processes: number }[];
    expect(row!.memory_mb).toBeGreaterThan(200);
    // The walls are two processes of it.
    expect(row!.processes).toBeGreaterThan(2);
  });

  test('[AGT-9] it sees no secret of the person or of Drover through the walls, and works in its worktree', async () => {
    await using swarm = await openShutIn({}, PERSONS);
    await swarm.say('create task "Dump" description="rehearse: env" id=e1');
    await swarm.say('run task e1');
    const { instances } = await until(swarm, ({ tasks }) => tasks['e1']?.state === 'done');
    const { workspace_path: worktree } = instances['rehearsal-1']!;
    const lines = readFileSync(join(worktree, 'rehearsal/e1.env'), 'utf8').trimEnd().split('\n');
    expect(lines.pop()).toBe(`cwd ${worktree}`);
    const names = lines.map((line) => line.slice(0, line.indexOf('=')));
    expect(names.filter((name) => name in PERSONS || /SECRET|^TMUX/u.test(name))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['PATH', 'HOME', 'TMPDIR', 'DROVER_INSTANCE', 'DROVER_SOCKET']));
    expect(lines.join('\n')).not.toMatch(/of-the-person|of-drover/u);
  });

  test('[SEC-9] it ends as it would without: by a code, by a signal, and by the code of a signal', async () => {
    const [without, inside] = [await endsWith({ mode: 'off' }), await endsWith(WORKTREE)];
    expect(inside.map(({ sandbox }) => sandbox)).toEqual(Object.keys(ENDS).map(() => 'worktree'));
    expect(inside.map(({ id, exit }) => ({ id, exit }))).toEqual(without.map(({ id, exit }) => ({ id, exit })));
    expect(inside.map(({ exit }) => exit?.signal ?? exit?.code)).toEqual([7, 'SIGKILL', 'SIGTERM', 'SIGTERM']);
  });

  test('[SEC-9] its question comes out, the answer goes in, and a restart goes on with its run and its conversation', async () => {
    await using swarm = await openShutIn();
    await swarm.say('create task "Ask rehearse: ask Go on?" id=t1');
    await swarm.say('run task t1');
    const asked = await instanceIs(swarm, 'rehearsal-1', 'waiting');
    const { conversation, question } = asked.instances['rehearsal-1']!;
    expect([question, typeof conversation]).toEqual([expect.stringContaining('Go on?'), 'string']);
    expect((await swarm.say('restart instance rehearsal-1')).exit).toBe(0);
    await until(swarm, ({ tasks }) => tasks['t1']!.run?.restarts === 1);
    const again = await instanceIs(swarm, 'rehearsal-1', 'waiting');
    expect(again.instances['rehearsal-1']).toMatchObject({ conversation, sandbox: 'worktree' });
    expect(swarm.tmux('capture-pane', '-p', '-t', again.instances['rehearsal-1']!.pane!)).toContain(
      `resumed conversation ${conversation}`,
    );
    await swarm.say('answer rehearsal-1 "yes"');
    const { tasks } = await until(swarm, (now) => now.tasks['t1']!.state === 'done');
    expect(tasks['t1']).toMatchObject({ attempts: 1, run: { restarts: 1, result: { commits: 1 } } });
  });

  test('[SEC-9] who comes after it in its worktree, and runs what it left there, is shut in as it was', async () => {
    const modes = { beast: { enabled: true, sandbox: 'worktree' } };
    await using swarm = await openSwarm({ settings: { agent: 'rehearsal', modes } });
    const after = async (id: string, words: string): Promise<string | undefined> => {
      await swarm.say(`create task "Dump ${id}" description="rehearse: env" id=${id}`);
      await swarm.say(`run task ${id} ${words}`);
      const { instances } = await until(swarm, ({ tasks }) => tasks[id]?.state === 'done');
      expect(Object.keys(instances)).toEqual(['rehearsal-1']);
      return instances['rehearsal-1']!.sandbox;
    };
    expect(await after('a1', 'mode=tdd')).toBe(undefined);
    expect(await after('a2', 'mode=beast')).toBe('worktree');
    expect(await after('a3', 'mode=tdd')).toBe('worktree');
    expect((await swarm.say('set config sandbox.mode off')).exit).toBe(0);
    expect(await after('a4', 'mode=review')).toBe(undefined);
    expect((await swarm.say('unset config sandbox.mode')).exit).toBe(0);
    expect(await after('a5', 'mode=tdd')).toBe('worktree');
  });

  test('[SEC-9] a conversation is gone on with in its own home alone, and anew in another one, which is told', async () => {
    await using swarm = await openSwarm({ settings: { agent: 'rehearsal' } });
    const now = async (restarts: number) => {
      const { alerts, instances } = await until(swarm, (state) => {
        const one = state.instances['rehearsal-1'];
        return one?.restarts === restarts && one.state.kind === 'idle';
      });
      const { conversation, pane, sandbox } = instances['rehearsal-1']!;
      const screen = swarm.tmux('capture-pane', '-p', '-t', pane!);
      const resumed = /resumed conversation (?<id>\S+)/u.exec(screen)?.groups?.['id'];
      return { conversation, sandbox, resumed, told: alerts['sandbox:rehearsal-1']?.text };
    };
    const restart = async (restarts: number) => {
      expect((await swarm.say('restart instance rehearsal-1')).exit).toBe(0);
      return now(restarts);
    };
    await swarm.say('launch 1 instance');
    const first = await now(0);
    await swarm.say('set config sandbox.mode worktree');
    const inside = await restart(1);
    expect(inside).toMatchObject({ sandbox: 'worktree', resumed: undefined });
    expect(inside.told).toContain('began a new conversation: it is in a sandbox now');
    expect(inside.conversation).not.toBe(first.conversation);
    const { conversation } = inside;
    expect(await restart(2)).toEqual({ conversation, sandbox: 'worktree', resumed: conversation, told: undefined });
    await swarm.say('set config sandbox.mode off');
    const outside = await restart(3);
    expect(outside).toMatchObject({ sandbox: undefined, resumed: undefined });
    expect(outside.told).toContain('began a new conversation: it is in no sandbox any more');
    expect(outside.conversation).not.toBe(conversation);
  });

  test('[SEC-9] a conversation is kept where the start fails that was to begin another one in another home', async () => {
    await using swarm = await openSwarm({ settings: { agent: 'rehearsal' } });
    await swarm.say('launch 1 instance');
    const { instances } = await instanceIs(swarm, 'rehearsal-1', 'idle');
    const { conversation } = instances['rehearsal-1']!;
    const script = join(homeOf(swarm.paths, 'rehearsal-1'), 'launch.sh');
    rmSync(script);
    mkdirSync(join(script, 'in-the-way'), { recursive: true });
    await swarm.say('set config sandbox.mode worktree');
    await swarm.say('restart instance rehearsal-1');
    const failed = await instanceIs(swarm, 'rehearsal-1', 'failed');
    expect([typeof conversation, failed.instances['rehearsal-1']!.conversation]).toEqual(['string', conversation]);
  });

  test('[SEC-9] agents start while others stop, and while sockets and toolchains of others come and go', async () => {
    await using swarm = await openShutIn();
    const tools = ['.local/bin', 'bin'].map((name) => join(swarm.env['HOME']!, name));
    for (const folder of tools) mkdirSync(folder, { recursive: true });
    await using _others = await comeAndGo({ socket: join(swarm.root, 'passing.sock'), folders: [], tools });
    const ids = (from: number) => Array.from({ length: 4 }, (_, n) => `rehearsal-${from + n}`);
    for (const from of [1, 5, 9]) {
      const earlier = from === 1 ? [] : ids(from - 4).map((id) => swarm.say(`remove instance ${id} force`));
      const launched = [swarm.say('launch 4 instances agent=rehearsal'), ...earlier];
      expect(
        (await Promise.all(launched)).map(({ exit, message }) => [exit, message]).filter(([exit]) => exit !== 0),
      ).toEqual([]);
      const { instances } = await until(swarm, (state) =>
        ids(from).every((id) => ['idle', 'failed', 'stopped', 'lost'].includes(state.instances[id]?.state.kind ?? '')),
      );
      expect(ids(from).map((id) => instances[id]!.state.kind)).toEqual(['idle', 'idle', 'idle', 'idle']);
    }
  });

  test('[SEC-9] a pause stops all of it, the walls included, and it goes on where it was', async () => {
    await using swarm = await openShutIn();
    await swarm.say('create task "Long rehearse: hang" id=h1');
    await swarm.say('run task h1');
    const { instances } = await until(swarm, ({ tasks }) => (tasks['h1']?.run?.progress ?? 0) > 0);
    const pid = instances['rehearsal-1']!.pid!;
    const tree = () => below(pid);
    const running = tree().map((one) => one.pid);
    // bwrap, its child, and the agent at least.
    expect(running.length).toBeGreaterThan(2);
    expect((await swarm.say('pause rehearsal-1')).exit).toBe(0);
    await until(swarm, (state) => state.instances['rehearsal-1']!.hold === 'frozen');
    expect(tree().filter(({ state }) => !state.startsWith('T'))).toEqual([]);
    expect((await swarm.say('resume rehearsal-1')).exit).toBe(0);
    await until(swarm, (state) => state.instances['rehearsal-1']!.hold === null);
    const after = tree();
    expect(after.filter(({ state }) => state.startsWith('T'))).toEqual([]);
    expect(after.map((one) => one.pid)).toEqual(running);
  });
});
