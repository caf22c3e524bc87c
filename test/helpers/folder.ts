import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PATIENCE_MS = 30_000;
const TURN_MS = 20;

/** Removes a folder although programs that were just ended still write their last words into it. */
const removed = (path: string): void => {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    if (!existsSync(path)) return;
    if (Date.now() > deadline) throw new Error(`${path} cannot be removed`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TURN_MS);
  }
};

/** A temporary folder that is gone when the scope ends, by `using`. All of a test's files, sockets and servers live in one. */
export const temporaryFolder = (name = 'test'): Disposable & { readonly path: string } => {
  const path = realpathSync(mkdtempSync(join(tmpdir(), `drover-${name}-`)));
  return { path, [Symbol.dispose]: () => removed(path) };
};
