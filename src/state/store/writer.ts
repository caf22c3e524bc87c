import { isFull } from '../../lib/errors.ts';
import type { AppendFile, Disk, OpenFile } from './disk.ts';
import { inWords, storeFailed } from './errors.ts';
import type { Position } from '../reducer.ts';
import { watchPlace } from './lock.ts';
import { createSegment, type SegmentRef } from './segment.ts';

/** A segment that is to be continued behind `size` bytes. */
export type Tail = SegmentRef & { readonly size: number };

/** A segment is followed by a new one when it has so many events or bytes. */
export type SegmentLimits = {
  readonly events: number;
  readonly bytes: number;
  /** How many full segments stay as they are, and how many of those before them are kept in the archive. */
  readonly live?: number;
  readonly archived?: number;
};

export type SegmentWriter = {
  /** Whether the next write should go to a new segment. */
  full(seq: number): boolean;
  /** Goes on in a new segment behind the position, which must be durable. */
  rotate(position: Position): Promise<void>;
  /** Resolves when the text is on the disk; after a failure, with the file cut back, nothing may be written any more. */
  write(text: string): Promise<void>;
  /** The file that is written to, when it does not lie in its place any more. */
  displaced(): string | undefined;
  close(): Promise<void>;
};

type Place = {
  readonly disk: Disk;
  readonly journal: string;
  readonly openFile: OpenFile;
  readonly limits: SegmentLimits;
  /** Gives back room that was kept for a full disk; whether there was any. */
  readonly makeRoom: () => Promise<boolean>;
};

/** Opens the end of the journal for writing; without a tail it makes the first segment. */
export const openWriter = async (place: Place, tail: Tail | null, position: Position): Promise<SegmentWriter> => {
  const newSegment = (at: Position): Promise<Tail> =>
    createSegment(place.journal, at, place.disk).catch(async (error: unknown) => {
      if (!isFull(error) || !(await place.makeRoom())) throw error;
      return createSegment(place.journal, at, place.disk);
    });

  let segment = tail ?? (await newSegment(position));
  let file: AppendFile = await place.openFile(segment.path);
  let size = segment.size;
  let isInPlace = watchPlace(segment.path, place.disk);

  const failure = (error: unknown, undone: boolean) =>
    storeFailed({ file: segment.path, ...inWords(error), undone }, error);

  /** Takes back what may have been written of a batch that is answered as failed. */
  const undo = (): Promise<boolean> =>
    file.cutTo(size).then(
      () => true,
      () => false,
    );

  /** Only what was refused at the call itself is said again: after a sync that failed nobody knows what is on the disk. */
  const append = (bytes: Uint8Array): Promise<void> =>
    file.append(bytes).catch(async (error: unknown) => {
      if (!isFull(error) || !(await undo()) || !(await place.makeRoom())) throw error;
      await file.append(bytes);
    });

  return {
    full: (seq) =>
      seq - segment.first + 1 >= place.limits.events || (size >= place.limits.bytes && seq >= segment.first),
    rotate: async (at) => {
      try {
        const next = await newSegment(at);
        const opened = await place.openFile(next.path);
        await file.close();
        segment = next;
        file = opened;
        size = next.size;
        isInPlace = watchPlace(next.path, place.disk);
      } catch (error) {
        throw failure(error, true);
      }
    },
    write: async (text) => {
      const bytes = Buffer.from(text);
      try {
        await append(bytes);
        await file.sync();
      } catch (error) {
        throw failure(error, await undo());
      }
      size += bytes.length;
    },
    displaced: () => (isInPlace() ? undefined : segment.path),
    close: () => file.close(),
  };
};
