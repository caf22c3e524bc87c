// A process that owns a store: node child.ts <folder> <what> [seed]. It writes a line for each thing that is certain.
import { writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { openStore } from '../../../src/state/store/open.ts';
import { alert, optionsIn } from './place.ts';

const [folder = '', what = 'hold', seed = '0'] = process.argv.slice(2);
const say = (value: unknown): void => void writeSync(1, `${JSON.stringify(value)}\n`);

const store = await openStore(optionsIn(folder, { projectionEvery: 5, limits: { events: 40, bytes: 20_000 } }));
say({ open: process.pid, seq: store.state.seq });

let failed = false;
/** Appends groups of one to four facts without end; what was acknowledged is said. */
const writeOn = async (lane: number): Promise<void> => {
  for (let n = 0; !failed; n += 1) {
    const ids = Array.from({ length: 1 + ((n + lane) % 4) }, (_, part) => `${seed}.${lane}.${n}.${part}`);
    try {
      const events = await store.append(
        ids.map((id) => alert(id, 'x'.repeat((n * 37) % 300))),
        { actor: 'cli', corr: `${seed}.${lane}.${n}` },
      );
      say({ seqs: events.map(({ seq }) => seq), ids });
    } catch (error) {
      failed = true;
      const { code, message } = error as NodeJS.ErrnoException;
      say({ refused: code, message, ids });
    }
  }
};

/** Lets go of all but the segment that is written to, again and again; what is begun and what is certain is said. */
const cleanOn = async (): Promise<void> => {
  while (!failed) {
    const { old, kept } = await store.history.old(Number.POSITIVE_INFINITY);
    if (old !== null) {
      say({ cleaning: kept.from.seq });
      await store.history.letGo(Number.POSITIVE_INFINITY, kept.from.seq);
      say({ cleaned: kept.from.seq });
    }
    await turn();
  }
};

if (what === 'clean') await Promise.all([...[0, 1, 2].map(writeOn), cleanOn()]);
if (what === 'write') {
  await Promise.all([0, 1, 2, 3, 4].map(writeOn));
  await store[Symbol.asyncDispose]();
}
if (what === 'hold') setInterval(() => {}, 1000);
