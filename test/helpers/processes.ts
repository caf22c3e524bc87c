import { spawn } from 'node:child_process';
import type { Exit, Processes } from '../../src/ports/index.ts';

/** Runs processes directly, for tests of an edge that needs real ones. */
export const testProcesses = (): Processes & { readonly requests: readonly (readonly string[])[] } => {
  const requests: (readonly string[])[] = [];
  return {
    requests,
    get started() {
      return requests.length;
    },
    run: ({ file, args, cwd, env, input, timeoutMs }, signal) => {
      requests.push(args);
      return new Promise<Exit>((resolve, reject) => {
        const child = spawn(file, [...args], { cwd, env: { ...env }, stdio: 'pipe', timeout: timeoutMs, signal });
        const out: Buffer[] = [];
        const err: Buffer[] = [];
        child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
        child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
        child.stdin.on('error', () => undefined);
        child.stdin.end(input ?? '');
        child.on('error', (error) =>
          reject(
            'code' in error && error.code === 'ENOENT'
              ? Object.assign(new Error(`the program "${file}" was not found`), { code: 'process/missing' })
              : error,
          ),
        );
        child.on('close', (code, ended) => {
          const text = { stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
          resolve({ code, signal: ended, ...text, timedOut: timeoutMs !== undefined && ended === 'SIGTERM' });
        });
      });
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
};
