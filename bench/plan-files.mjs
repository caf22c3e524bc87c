import { readdirSync, readFileSync } from 'node:fs';
import { inPackage } from './sandbox.mjs';

/** The bundled spec as files of a repository. */
export const planFiles = () =>
  Object.fromEntries(
    readdirSync(inPackage('test/fixtures/spec')).map((name) => [
      `.kiro/specs/spec/${name}`,
      readFileSync(inPackage(`test/fixtures/spec/${name}`), 'utf8'),
    ]),
  );

/** Resolves when so many runs have ended; rejects when the daemon has. */
export const allEnded = (talk, count) =>
  new Promise((resolve, reject) => {
    let ended = 0;
    void talk.closed.then(() => reject(new Error('the daemon ended')));
    talk.onEvent(({ type }) => {
      if (type === 'run.verified' || type === 'run.failed') ended += 1;
      if (ended === count) resolve();
    });
  });
