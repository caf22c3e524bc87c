import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder that is gone when the scope ends, by `using`. All of a test's files, sockets and servers live in one. */
export const temporaryFolder = (name = 'test'): Disposable & { readonly path: string } => {
  const path = realpathSync(mkdtempSync(join(tmpdir(), `drover-${name}-`)));
  return {
    path,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
};
