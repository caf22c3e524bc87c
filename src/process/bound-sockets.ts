import { lstatSync } from 'node:fs';
import { procText } from './proc-files.ts';

/** A socket in the file system, as `/proc/net/unix` lists it; those without a path have no name, or one that begins with `@`. */
const LINE =
  /^[0-9a-f]+: [0-9A-F]{8} [0-9A-F]{8} (?<flags>[0-9A-F]{8}) (?<type>[0-9A-F]{4}) [0-9A-F]{2} +\d+ (?<path>\/.+)$/u;

/** The flag of one at which somebody listens, and the type of those that take messages without a connection. */
const LISTENS = 0x1_00_00;
const DATAGRAM = 2;

/** The end of a name under which a program listens first, before it takes the place of another one: its number. */
const EARLY = /\.\d+$/u;

/** The paths of the sockets to which something can be said, by the list of the kernel. Each byte of it is one character. */
export const readBound = (text: string): readonly string[] => {
  const paths = text.split('\n').flatMap((line) => {
    const { flags = '', type = '', path = '' } = LINE.exec(line)?.groups ?? {};
    const isReached = (Number.parseInt(flags, 16) & LISTENS) !== 0 || Number.parseInt(type, 16) === DATAGRAM;
    return isReached ? [Buffer.from(path, 'latin1').toString()] : [];
  });
  return [...new Set(paths)];
};

const isSocket = (path: string): boolean => {
  try {
    return lstatSync(path).isSocket();
  } catch {
    return false;
  }
};

/**
 * Where sockets lie at which a program of this machine listens, as far as the kernel says so: not those of other network
 * namespaces, nor those that were given another name than by leaving the number of a process away, as Drover does itself.
 */
export const boundSockets = (): readonly string[] =>
  readBound(procText('/proc/net/unix')).flatMap((path) => [path, path.replace(EARLY, '')].find(isSocket) ?? []);
