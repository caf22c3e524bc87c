import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openProcesses } from '../../src/process/broker.ts';
import { isRunning } from '../../src/process/is-running.ts';
import { lookAtPs, makeOwnPrograms, programIn } from '../../src/process/own-program.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const PROGRAM = `
  trap '' HUP TERM INT
  (trap '' HUP; exec sleep 60) </dev/null & echo $! > behind
  sh -c 'trap "" TERM; echo $$ > below; sleep 60; :' & echo up > up
  wait`;

/** A shell that runs a script as that of a pane does, in a folder. */
const runAsPane = async (
  folder: string,
): Promise<{ child: ChildProcess; script: string; pidOf: (name: string) => number }> => {
  // Whoever is called Jörg has it in all paths.
  const script = join(folder, 'jörg-launch.sh');
  writeFileSync(script, PROGRAM);
  writeFileSync(join(folder, 'pane.sh'), '/bin/sh "$1"\n:');
  const child = spawn('/bin/sh', ['pane.sh', script], { cwd: folder, stdio: 'ignore', detached: true });
  const pidOf = (name: string): number => {
    try {
      return Number(readFileSync(join(folder, name), 'utf8'));
    } catch {
      return 0;
    }
  };
  await vi.waitUntil(() => pidOf('behind') > 0 && pidOf('below') > 0);
  return { child, script, pidOf };
};

const withPane = async (
  work: (pane: Awaited<ReturnType<typeof runAsPane>>, programs: ReturnType<typeof makeOwnPrograms>) => Promise<void>,
): Promise<void> => {
  using folder = temporaryFolder('own-program');
  await using processes = await openProcesses();
  const closing = new AbortController();
  const programs = makeOwnPrograms(processes, { PATH: process.env['PATH'] ?? '' }, closing.signal);
  const pane = await runAsPane(folder.path);
  try {
    await work(pane, programs);
  } finally {
    process.kill(-pane.child.pid!, 'SIGKILL');
  }
};

test('a program that goes on is killed after a while, and what was left in the background is not', () =>
  withPane(async ({ child, script, pidOf }, programs) => {
    const program = await programs.programIn({ pid: child.pid!, script, spool: '/s' });
    const ended = once(child, 'exit');
    expect(program[0]!.pid).toBe(child.pid);
    expect(program.length).toBe(2);
    expect(await programs.endProgram(program, 20)).toEqual({ killed: program.map(({ pid }) => pid), left: [] });
    await ended;
    expect([isRunning(program[1]!.pid), isRunning(pidOf('behind'))]).toEqual([false, true]);
  }));

test('a process that has the number of one that has ended is not touched, nor is a shell with another script', () =>
  withPane(async ({ child, script }, programs) => {
    const program = await programs.programIn({ pid: child.pid!, script, spool: '/s' });
    const others = program.map(({ pid }) => ({ pid, started: '1' }));
    expect(await programs.endProgram(others, 20)).toEqual({ killed: [], left: [] });
    expect(program.every(({ pid }) => isRunning(pid))).toBe(true);
    expect(await programs.programIn({ pid: child.pid!, script: `${script}x`, spool: '/s' })).toEqual([]);
    expect(await programs.programIn({ pid: 2 ** 30, script, spool: '/s' })).toEqual([]);
    expect(await programs.endProgram([], 20)).toEqual({ killed: [], left: [] });
  }));

const PS = `
    1     0 Ss   Mon Nov  2 08:00:00 2026 /sbin/launchd
  700     1 S    Mon Nov  2 09:00:00 2026 tmux new-session -- /bin/sh /opt/assets/pane.sh /r/instances/a-1/launch.sh
  701   700 Ss   Mon Nov  2 09:00:01 2026 /bin/sh /opt/assets/pane.sh /r/instances/a-1/launch.sh
  702   701 S+   Mon Nov  2 09:00:02 2026 agent --flag
  703   702 S+   Mon Nov  2 09:00:03 2026 tool
  704   700 Zs   Mon Nov  2 09:00:01 2026 /bin/sh /opt/assets/pane.sh /r/instances/a-2/launch.sh
  705   700 Ss   Mon Nov  2 09:00:05 2026 /bin/sh /opt/my assets/pane.sh /Users/Jo Smith/instances/a-3/launch.sh
`;

test('of a table of ps the shell of a terminal and what it has started are taken, and no server that has its words', () => {
  const at = (pid: number, id: string) =>
    programIn(lookAtPs(PS), { pid, script: `/r/instances/${id}/launch.sh`, spool: '/s' });
  expect(at(701, 'a-1')).toEqual([
    { pid: 701, started: 'Mon Nov  2 09:00:01 2026' },
    { pid: 702, started: 'Mon Nov  2 09:00:02 2026' },
  ]);
  expect([at(700, 'a-1'), at(701, 'a-2'), at(704, 'a-2')]).toEqual([[], [], []]);
  const blanks = { pid: 705, script: '/Users/Jo Smith/instances/a-3/launch.sh', spool: '/s' };
  expect(programIn(lookAtPs(PS), blanks)).toEqual([{ pid: 705, started: 'Mon Nov  2 09:00:05 2026' }]);
});
