import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { vi } from 'vitest';
import { readHookMessage } from '../../src/agents/hook-message.ts';
import { parseSpoolFile } from '../../src/agents/spool-message.ts';
import { withoutControls } from '../../src/lib/text.ts';
import { runRehearsal } from '../../src/rehearsal/agent.ts';
import { temporaryFolder } from '../helpers/folder.ts';

/** A repository with one commit, a spool, and briefs beside it. */
export const openPlace = () => {
  const folder = temporaryFolder('rehearsal');
  const work = join(folder.path, 'work');
  const spool = join(folder.path, 'spool');
  for (const path of [work, spool]) mkdirSync(path);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: work, encoding: 'utf8' }).trim();
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid'];
  git('init', '-q', '-b', 'main');
  git(...identity, 'commit', '-q', '--allow-empty', '-m', 'start');
  return {
    work,
    spool,
    path: folder.path,
    git,
    env: {
      PATH: process.env['PATH']!,
      HOME: folder.path,
      DROVER_SPOOL: spool,
      DROVER_INSTANCE: 'rehearsal-1',
      DROVER_TOKEN: 'secret-token',
      DROVER_REHEARSAL_TASK_MS: '3',
      DROVER_REHEARSAL_INPUT_LOG: join(folder.path, 'input.log'),
    },
    /** The line that gives the task of a brief with this text. */
    task: (id: string, brief: string) => {
      const file = join(folder.path, `brief ${id}.md`);
      writeFileSync(file, brief);
      return `Task ${id}: read ${file} and do what it says.`;
    },
    /** What the daemon would understand so far. */
    signals: () =>
      readdirSync(spool)
        .filter((name) => name.endsWith('.json'))
        .toSorted()
        .map((name) => readHookMessage(parseSpoolFile(readFileSync(join(spool, name), 'utf8'))?.body)),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
};
export type StagePlace = ReturnType<typeof openPlace>;

/** The agent in this process, on streams that stand for a terminal. */
export const openStage = (place: StagePlace, env: Record<string, string> = {}, argv: readonly string[] = []) => {
  const input = new PassThrough();
  const output = new PassThrough();
  const stop = new AbortController();
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  const exit = runRehearsal({
    ...{ argv, cwd: place.work, input, output, stop: stop.signal },
    env: { ...place.env, ...env },
  });
  return {
    exit,
    stop,
    input,
    type: (text: string) => void input.write(text),
    shown: () => shown,
    /** Resolves when the text is on the screen. */
    see: (text: string) => vi.waitUntil(() => withoutControls(shown).includes(text), { timeout: 30_000, interval: 5 }),
    [Symbol.asyncDispose]: async () => {
      input.end();
      await exit;
    },
  };
};
