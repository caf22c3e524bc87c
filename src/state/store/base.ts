import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECTION_VERSION } from './migrate.ts';
import { openProjection, type Projection, readProjection } from './projection.ts';

const NAME = /^(?<first>\d{12})\.state\.json$/u;

/** Where the state lies that a segment goes on from, when what led to it is not in the journal any more. */
const baseOf = (journal: string, first: number): string =>
  join(journal, `${String(first).padStart(12, '0')}.state.json`);

/** Keeps the state that the next segment goes on from: behind a gap no event leads there. */
export const writeBase = async (
  journal: string,
  { state, crc }: Pick<Projection, 'state' | 'crc'>,
  at: string,
): Promise<void> => {
  const { seq } = state;
  const document = { version: PROJECTION_VERSION, seq, crc, written_at: at, state };
  await openProjection(baseOf(journal, seq + 1), document).write();
};

/** The newest state that a segment goes on from; null where the journal has all that happened. */
export const readBase = async (journal: string): Promise<Projection | null> => {
  const names = (await readdir(journal)).filter((name) => NAME.test(name)).toSorted();
  for (const name of names.toReversed()) {
    const { projection } = await readProjection(join(journal, name));
    if (projection) return projection;
  }
  return null;
};

/** The number of the event behind the newest gap that is known of, with which the journal begins again; 0 without one. */
export const lastGap = async (journal: string): Promise<number> =>
  Math.max(0, ...(await readdir(journal)).flatMap((name) => NAME.exec(name)?.groups?.['first'] ?? []).map(Number));
