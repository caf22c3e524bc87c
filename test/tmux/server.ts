import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { vi } from 'vitest';
import type { SessionSpec, Tmux } from '../../src/ports/index.ts';
import { openTmux } from '../../src/tmux/client.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { testProcesses } from '../helpers/processes.ts';

const run = promisify(execFile);
const ASSETS = join(import.meta.dirname, '../../assets');

type Row = { readonly pid: number; readonly parent: number };

// What has ended but was not collected by its parent yet is gone for us.
const running = (): Row[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/u))
    .filter(([, , state]) => state !== undefined && !state.startsWith('Z'))
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));

/** A tmux server of the test's own, with its own home and configuration; it and all its processes end with the scope. */
export const testServer = (configuration = '') => {
  const folder = temporaryFolder('tmux');
  const path = (...parts: string[]) => join(folder.path, ...parts);
  mkdirSync(path('spool'));
  writeFileSync(path('.tmux.conf'), configuration);
  const env = { ...process.env, HOME: folder.path, XDG_CONFIG_HOME: folder.path, SHELL: '/bin/sh' };
  delete (env as Record<string, unknown>)['TMUX'];
  const processes = testProcesses();
  const socketPath = path('s');
  const tmux: Tmux = openTmux({ processes, env, socketPath, assets: ASSETS });
  const raw = async (...args: string[]): Promise<string> =>
    (await run('tmux', ['-u', '-S', socketPath, ...args], { env })).stdout;
  const spec = (session: string, script: string, more: Partial<SessionSpec> = {}): SessionSpec => {
    const launchFile = path(`${session}.sh`);
    writeFileSync(launchFile, `${script}\n`, { mode: 0o755 });
    return {
      ...{ session, droverId: `/repo/${session}`, cwd: folder.path, launchFile, cols: 80, rows: 24 },
      ...{ logDir: path('logs', session), firstSegment: 1, spoolDir: path('spool'), title: session },
      ...{ background: '#102030', foreground: '#ffffff' },
      ...more,
    };
  };
  return {
    path,
    env,
    tmux,
    processes,
    raw,
    spec,
    socketPath,
    async [Symbol.asyncDispose]() {
      const pid = Number(await raw('display-message', '-p', '#{pid}').catch(() => '0'));
      const family = new Set(
        running()
          .flatMap((row) => (pid > 0 && row.parent === pid ? [row.pid] : []))
          .concat(pid),
      );
      if (pid > 0) await raw('kill-server').catch(() => undefined);
      await vi.waitUntil(() => !running().some((row) => row.pid > 0 && family.has(row.pid)));
      folder[Symbol.dispose]();
    },
  };
};
