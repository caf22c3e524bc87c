import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

/** Forks a program of ours that is there for us alone: we talk over a line between the two, and it ends with that line. */
export const forkProgram = (main: string): ChildProcess => {
  const compiled = getCompileCacheDir();
  return fork(main, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // What it is told brings its own environment; options for this Node are not meant for that one.
    env: compiled === undefined ? {} : { NODE_COMPILE_CACHE: dirname(compiled) },
    execArgv: [],
    // Not in our group: Ctrl-C in a terminal is for us.
    detached: true,
  });
};
