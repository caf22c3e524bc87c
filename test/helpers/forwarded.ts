import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { endForwarder, lostForwarders } from '../../src/process/lost-forwarders.ts';
import { BWRAP } from '../../src/sandbox/layout.ts';

/** A sandbox whose program reads until its input ends, with a forwarder that outlives it, as those of earlier versions do. */
export const openForwarded = async (place: string, folder: string) => {
  mkdirSync(folder, { recursive: true });
  const script = join(place, 'forward.mjs');
  writeFileSync(script, "process.stdout.write('ready\\n'); setInterval(() => undefined, 1000);\n");
  const walls = ['--unshare-user', '--unshare-pid', '--bind', '/', '/', '--dev', '/dev', '--proc', '/proc'];
  const inside = '"$0" "$1" "$2" net.sock 3128 </dev/null & exec cat';
  const child = spawn(BWRAP, [...walls, 'sh', '-c', inside, process.execPath, script, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const endProgram = async (): Promise<void> => {
    child.stdin.end();
    await exit;
  };
  onTestFinished(async () => {
    await endProgram();
    // What is left is found once its parent is the first process of the sandbox.
    await expect
      .poll(() => {
        for (const one of lostForwarders([folder])) endForwarder(one);
        return child.stdout.closed;
      })
      .toBe(true);
  });
  await once(child.stdout, 'data');
  child.stdout.resume();
  return { /** Ends the program, and resolves when its sandbox has said so. */ endProgram };
};
