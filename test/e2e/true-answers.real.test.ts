import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ask } from '../../src/client/request.ts';
import type { Reply } from '../../src/ports/swarm.ts';
import { daemonRepository } from '../helpers/daemon.ts';
import { BIN } from './terminal.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

/** Every stage of a command at which its daemon may die: from its start to the answer. */
const STAGES = ['start', 'listen', 'accept', 'append', 'sync', 'synced', 'finished', 'answer'] as const;

const view = { columns: 80, color: false };

/** A repository whose daemons die at a stage, so many times one after the other. */
const dyingRepository = (stage: (typeof STAGES)[number], times: number) => {
  const repository = daemonRepository();
  const file = join(repository.root, '..', 'deaths');
  writeFileSync(file, 'x\n'.repeat(times));
  const env = { ...repository.env, KILL_AT: stage, KILL_FILE: file };
  return { repository, env: { ...env, NODE_OPTIONS: `--import=${fixture('kill-at.mjs')}` } };
};

const drover = async (argv: readonly string[], cwd: string, env: NodeJS.ProcessEnv, node: readonly string[] = []) => {
  const child = spawn(process.execPath, [...node, BIN, ...argv], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, ...text };
};

type Recorded = { readonly type: string; readonly data: { readonly exit?: number } };

/** What the journal tells of the commands and tasks, once every daemon is well again. */
const recorded = async ({ paths, env }: ReturnType<typeof daemonRepository>): Promise<readonly unknown[]> => {
  const reply: Reply = await ask(paths, env, { text: 'list events', actor: 'cli', view });
  return (reply.data as readonly Recorded[])
    .filter(({ type }) => type === 'task.created' || type === 'command.finished')
    .map(({ type, data }) => (data.exit === undefined ? type : `${type} ${data.exit}`));
};

test.each(STAGES)(
  '[CLI-8] a daemon that dies at the stage "%s" of a command hides nothing: one effect, one true answer',
  async (stage) => {
    const { repository, env } = dyingRepository(stage, 1);
    await using _repository = repository;
    const once = ['task.created', 'command.finished 0'];
    expect(await drover(['do', 'create task "One" id=one'], repository.root, env)).toEqual({
      exit: 0,
      stdout: 'Created one: One.\n',
      stderr: '',
    });
    expect(await recorded(repository)).toEqual(once);
    await repository.crash();
    writeFileSync(env.KILL_FILE, 'x\n');
    const reply = await ask(repository.paths, env, { text: 'create task "Two" id=two', actor: 'cli', view });
    expect(reply).toMatchObject({ exit: 0, message: 'Created two: Two.' });
    expect(await recorded(repository)).toEqual([...once, ...once]);
  },
);

test.each([
  [
    'instance.created',
    'launch 2 instances',
    /^Launched 2 instances: rehearsal-1 \(azure\), rehearsal-2 \(orange\)\.$/u,
  ],
  // Where its end went to the disk together with the fact, the answer is kept as well.
  ['task.removed', 'remove task old', /^(?:It was carried out before the daemon ended: task\.removed|Removed old)\.$/u],
])('[CLI-8] what recorded %s before its daemon died goes on with the next one', async (fact, text, message) => {
  const { repository, env } = dyingRepository('synced', 1);
  await using _repository = repository;
  const say = { actor: 'cli', yes: true, view };
  await ask(repository.paths, repository.env, { text: 'create task "Old" id=old', ...say });
  await repository.crash();
  const reply = await ask(repository.paths, { ...env, KILL_FACT: fact }, { text, ...say });
  expect([reply.exit, reply.message]).toEqual([0, expect.stringMatching(message)]);
  const events = (await ask(repository.paths, repository.env, { text: 'list events', actor: 'cli', view })).data;
  const facts = (events as readonly Recorded[]).filter(({ type }) => type === fact);
  expect(facts).toHaveLength(fact === 'task.removed' ? 1 : 2);
});

test('[CLI-8] a daemon that dies at every start is told, with an exit code that is not 0', async () => {
  const { repository, env } = dyingRepository('start', 100);
  await using _repository = repository;
  const { exit, stdout, stderr } = await drover(['do', 'create task "Never"'], repository.root, env);
  expect([exit, stdout]).toEqual([7, '']);
  expect(stderr).toMatch(
    /^drover: The daemon of this repository could not be reached: it ended with SIGKILL at its start\.\n/u,
  );
});

test('[CLI-8] a daemon that dies whenever it answers is given up, and what is not known is said', async () => {
  const { repository, env } = dyingRepository('answer', 100);
  await using _repository = repository;
  const { exit, stdout, stderr } = await drover(['do', 'create task "Once" id=one'], repository.root, env);
  expect([exit, stdout]).toEqual([7, '']);
  expect(stderr).toContain('Whether the command was carried out is not known.\n');
  // Nobody waits for the brake who asks for a daemon in so many words.
  expect(await drover(['daemon', 'start'], repository.root, repository.env)).toMatchObject({ exit: 0 });
  expect(await recorded(repository)).toEqual(['task.created', 'command.finished 0']);
});

test('[CLI-8] a client that runs out of things to wait for does not end with 0', async () => {
  await using repository = daemonRepository();
  expect(await drover(['daemon', 'start'], repository.root, repository.env)).toMatchObject({ exit: 0 });
  const node = ['--import', fixture('let-go.mjs')];
  const { exit, stderr } = await drover(['status'], repository.root, repository.env, node);
  expect(exit).toBe(1);
  expect(stderr).toContain('ended before it knew how the command went');
});
