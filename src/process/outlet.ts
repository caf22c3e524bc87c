import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rawTextOf } from './raw-text.ts';
import { makeTail } from './tail.ts';

/** What a program prints goes here: a pipe, or a file where the pipe's other end may go away before the program does. */
type Outlet = {
  readonly stdio: 'pipe' | number;
  push(chunk: Buffer): void;
  /** All that came, or its last bytes; nothing after `close`. */
  text(): string;
  /** Harmless more than once. */
  close(): void;
};

type NewTail = () => ReturnType<typeof makeTail>;

/** Its reader is us: when we die, the next byte that the program prints is its end. */
const pipe = (newTail: NewTail): Outlet => ({ stdio: 'pipe', ...newTail(), close: () => {} });

/** A file without a name, which goes with the last who has it open. */
const file = (folder: string, maxBytes: number, newTail: NewTail): Outlet => {
  const path = join(folder, `drover-output-${randomUUID()}`);
  const fd = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  let isOpen = true;
  return {
    stdio: fd,
    push: () => {},
    text: () => {
      if (!isOpen) return '';
      const { size } = fstatSync(fd);
      // One more than is kept, so that the tail can tell that it does not begin at the beginning.
      const bytes = Buffer.alloc(Math.min(size, maxBytes + 1));
      readSync(fd, bytes, 0, bytes.length, size - bytes.length);
      const tail = newTail();
      tail.push(bytes);
      return tail.text();
    },
    close: () => {
      if (isOpen) closeSync(fd);
      isOpen = false;
    },
  };
};

type Options = {
  readonly outlives?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  readonly isRaw?: boolean;
};

export type Outlets = { readonly stdout: Outlet; readonly stderr: Outlet; close(): void };

/** Where a program's output and its errors go. `outlives`: it may go on printing after we have gone. */
export const openOutlets = ({ outlives, env, maxBytes, isRaw }: Options): Outlets => {
  const folder = env?.['TMPDIR'] ?? tmpdir();
  const newTail = () => makeTail(maxBytes, isRaw ? rawTextOf : undefined);
  const open = outlives ? () => file(folder, maxBytes, newTail) : () => pipe(newTail);
  const stdout = open();
  try {
    const stderr = open();
    const close = () => {
      stdout.close();
      stderr.close();
    };
    return { stdout, stderr, close };
  } catch (error) {
    stdout.close();
    throw error;
  }
};
