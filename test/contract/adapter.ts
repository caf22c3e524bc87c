import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { AgentAdapter, LaunchOptions, Signal } from '../../src/agents/adapter.ts';
import { launchScript } from '../../src/agents/launch-script.ts';
import { openPlace, type StagePlace } from '../rehearsal/stage.ts';

/** One adapter to be examined; `environment` finds what its program wrote down of the variables it saw. */
export type Candidate = {
  readonly adapter: AgentAdapter;
  readonly environment: (work: string) => string;
  /** The brief of its task, for a program that does only what its model says. */
  readonly brief?: string;
};

const UUID = '0b7f4dd7-6f0c-4c0c-8f4e-0d4d3a1c2b3e';
const BRIEF = '# Task 1.2: Do it\n\n## What to do\n\n- rehearse: env\n';
const BYTES: Readonly<Record<string, string>> = { 'C-c': '\u0003', 'C-d': '\u0004', Enter: '\r', Escape: '\u001B' };
const bytesOf = (key: string) => (key.startsWith('text:') ? key.slice(5) : BYTES[key]!);

const optionsAt = (place: Pick<StagePlace, 'path' | 'work'>, changes: Partial<LaunchOptions> = {}): LaunchOptions => ({
  instance: 'x-1',
  worktree: place.work,
  home: join(place.path, 'home'),
  record: join(place.path, 'home/record/frames.jsonl'),
  derived: join(place.path, 'home/derived'),
  gitFolders: [],
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  hook: resolve('assets/hook.sh'),
  uuid: UUID,
  node: process.execPath,
  rehearsal: resolve('src/rehearsal/main.ts'),
  ...changes,
});

/** What the adapter reads of its screen, each time it changes. */
const openReader = (adapter: AgentAdapter) => {
  const emulator = new xterm.Terminal({ cols: 100, rows: 30, allowProposedApi: true });
  const seen: Signal[] = [];
  const look = () => {
    const { active } = emulator.buffer;
    const rows = Array.from({ length: 30 }, (_, y) => active.getLine(y)?.translateToString(true) ?? '');
    const signal = adapter.readScreen?.(rows.join('\n').trimEnd());
    if (signal && signal.kind !== seen.at(-1)?.kind) seen.push(signal);
  };
  return { seen, write: (text: string) => emulator.write(text, look) };
};

/** What the record of a program tells so far. */
const recorded = ({ record }: AgentAdapter, file: string): Signal[] => {
  const lines = readFileSync(file, 'utf8').split('\n');
  return record!
    .reader(null)
    .take(lines)
    .map(({ signal }) => signal);
};

/** The program of an adapter, started as the daemon starts it, in a terminal of its own. */
const openAgent = ({ adapter }: Candidate, place: StagePlace, changes: Partial<LaunchOptions> = {}) => {
  const launch = adapter.launch(optionsAt(place, changes));
  for (const { path, content } of launch.files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  const { DROVER_SPOOL, DROVER_INSTANCE, DROVER_TOKEN } = place.env;
  const env = { ...launch.env, DROVER_SPOOL, DROVER_INSTANCE, DROVER_TOKEN };
  const script = join(place.path, 'launch.sh');
  writeFileSync(script, launchScript({ argv: launch.argv, env, keep: adapter.passEnv }));
  const secrets = { GITHUB_TOKEN: 'ghp_secret', DROVER_SECRET: 's', TMUX: '/t,1,0' };
  const own = { ...place.env, ...secrets, TERM: 'xterm-256color' };
  const terminal: IPty = spawn('sh', [script], { cwd: place.work, env: own, cols: 100, rows: 30 });
  const ended = Promise.withResolvers<number>();
  const reader = openReader(adapter);
  let alive = true;
  terminal.onData(reader.write);
  terminal.onExit(({ exitCode }) => {
    alive = false;
    ended.resolve(exitCode);
  });
  return {
    terminal,
    exit: ended.promise,
    signals: (): readonly Signal[] => {
      if (adapter.record) return recorded(adapter, optionsAt(place).record);
      return adapter.hooks ? place.signals().filter((signal) => signal !== undefined) : reader.seen;
    },
    [Symbol.asyncDispose]: async () => {
      if (alive) terminal.kill('SIGKILL');
      await ended.promise;
    },
  };
};

const kinds = (signals: readonly Signal[]) => signals.map(({ kind }) => kind);

const testValues = (make: (folder: string) => Candidate) => {
  test('[AGT-1] its prompt is one short line that begins with a word and names the brief', () => {
    const prompt = make('/f').adapter.promptFor({ id: '1.2', title: 'A\ntitle' }, '/state/briefs/1.2.md');
    expect(prompt).toMatch(/^\w[^\n\r]*\/state\/briefs\/1\.2\.md/u);
    expect(prompt.length).toBeLessThanOrEqual(700);
  });

  test('[AGT-1] what it needs lies in the folder of the instance, and nothing in the worktree', () => {
    const options = optionsAt({ path: '/f', work: '/f/work' }, { prompt: 'Task 1: do it', brief: '/b.md' });
    for (const resume of [undefined, 'c-1']) {
      const { argv, files } = make('/f').adapter.launch({ ...options, resume });
      expect(argv.length).toBeGreaterThan(0);
      expect(files.filter(({ path }) => !path.startsWith(`${options.home}/`))).toEqual([]);
    }
  });

  test('[AGT-1] nothing that a hook or a screen says makes it fail', () => {
    const { adapter } = make('/f');
    fc.assert(fc.property(fc.anything(), (body) => void adapter.readHook(body)));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (screen) => void adapter.readScreen?.(screen)));
  });

  test('[AGT-1] it has keys to interrupt it and to make it leave', () => {
    const { interruptKeys, quitKeys } = make('/f').adapter;
    expect([...interruptKeys, ...quitKeys].filter((key) => bytesOf(key) === undefined)).toEqual([]);
    expect(Math.min(interruptKeys.length, quitKeys.length)).toBeGreaterThan(0);
  });
};

/** What every agent must do. An adapter is finished when this passes; `make` may put programs into the folder. */
export const adapterContract = (make: (folder: string) => Candidate) => {
  testValues(make);

  test('[AGT-1] it takes a task, does it in its worktree, says so, and leaves when it is asked to', async () => {
    using place = openPlace();
    const candidate = make(place.path);
    const { adapter } = candidate;
    const briefFile = join(place.path, 'brief 1.2.md');
    writeFileSync(briefFile, candidate.brief ?? BRIEF);
    const prompt = adapter.promptFor({ id: '1.2', title: 'Do it' }, briefFile);
    const typed = adapter.prompt === 'typed';
    await using agent = openAgent(candidate, place, typed ? {} : { prompt, brief: briefFile });
    const wait = (until: () => boolean) => vi.waitUntil(until);
    if (typed) {
      await wait(() => kinds(agent.signals()).includes('ready'));
      agent.terminal.write(`${prompt}\r`);
      await wait(() => kinds(agent.signals()).includes('finished'));
      for (const key of adapter.quitKeys) agent.terminal.write(bytesOf(key));
    }
    expect(await agent.exit).toBe(0);
    const milestones = kinds(agent.signals()).filter((kind) => kind === 'ready' || kind === 'finished');
    expect(milestones).toEqual(typed ? ['ready', 'finished'] : []);
    expect(place.git('rev-list', '--count', 'HEAD')).toBe('2');
    expect(place.git('status', '--porcelain')).toBe('');
    const environment = candidate.environment(place.work);
    expect(environment).toContain('DROVER_INSTANCE');
    expect(environment).not.toMatch(/GITHUB_TOKEN|DROVER_SECRET|TMUX/u);
  });
};
