import { lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { procText } from './proc-files.ts';

/**
 * An entry of `/proc/net/unix`. A name stands there byte by byte, also with ends of lines. A socket without a path has no name,
 * or one that begins with `@`, as the name of a file may.
 */
const LINE =
  /^[0-9a-f]+: [0-9A-F]{8} [0-9A-F]{8} (?<flags>[0-9A-F]{8}) (?<type>[0-9A-F]{4}) [0-9A-F]{2} +\d+(?: (?<name>.+))?$/u;

/** The flag of one at which somebody listens, and the type of those that take messages without a connection. */
const LISTENS = 0x1_00_00;
const DATAGRAM = 2;

/** The end of a name under which a program listens first, before it takes the place of another one: its number. */
const EARLY = /\.\d+$/u;

/** What of a list was said by this line; a line that is no entry goes on with the name before it. */
type Entry = { isReached: boolean; name: string };

const withLine = (entries: Entry[], line: string): Entry[] => {
  const { flags, type = '', name = '' } = LINE.exec(line)?.groups ?? {};
  const last = entries.at(-1);
  if (flags !== undefined) {
    const isReached = (Number.parseInt(flags, 16) & LISTENS) !== 0 || Number.parseInt(type, 16) === DATAGRAM;
    entries.push({ isReached, name });
  } else if (last) last.name += `\n${line}`;
  return entries;
};

/** The names of the sockets to which something can be said, by the list of the kernel. Each byte of it is one character. */
export const readBound = (text: string): readonly string[] => {
  const entries = text.replace(/\n$/u, '').split('\n').reduce(withLine, []);
  return [...new Set(entries.flatMap(({ isReached, name }) => (isReached && name !== '' ? [name] : [])))];
};

const bytesOf = (path: string): Buffer => Buffer.from(path, 'latin1');

const isSocket = (path: string): boolean => {
  try {
    return lstatSync(bytesOf(path)).isSocket();
  } catch {
    return false;
  }
};

/** What a link of the kernel's leads to; undefined where its process has ended, or is somebody else's. */
const linkedTo = (path: string): readonly string[] => {
  try {
    return [readlinkSync(path, 'latin1')];
  } catch {
    return [];
  }
};

/** The folders in which processes of this machine are, as far as they can be seen. */
const foldersOfProcesses = (): ReadonlySet<string> => {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/u.test(name));
  return new Set(numbers.flatMap((number) => linkedTo(`/proc/${number}/cwd`)));
};

/** So many names are looked for one by one. */
const FEW = 64;

/** Those of the names that a folder may have: where there are many it is read once. */
const namesIn = (folder: string, names: readonly string[]): readonly string[] => {
  if (names.length <= FEW) return names;
  try {
    const there = new Set(readdirSync(bytesOf(folder), 'latin1'));
    return names.filter((name) => {
      const first = name.replace(/\/.*$/su, '');
      return /^\.+$/u.test(first) || there.has(first) || there.has(first.replace(EARLY, ''));
    });
  } catch {
    return [];
  }
};

/** A path with where the folder above really lies. */
const real = (path: string): string => {
  const end = path.lastIndexOf('/');
  try {
    const folder = realpathSync(bytesOf(path.slice(0, end) || '/'), 'latin1');
    return `${folder === '/' ? '' : folder}${path.slice(end)}`;
  } catch {
    return path;
  }
};

/**
 * Bytes as text. Those of a name that is no UTF-8 stand as characters that no text has, U+DC80 to U+DCFF, as Python writes them: Node
 * has no other way to tell them apart.
 */
const textOf = (bytes: string): string => {
  const text = bytesOf(bytes).toString();
  return text.includes('\uFFFD') && !Buffer.from(text).equals(bytesOf(bytes))
    ? bytes.replace(/[\u0080-\u00FF]/gu, (one) => String.fromCharCode(0xdc00 + one.charCodeAt(0)))
    : text;
};

/**
 * Where sockets lie at which a program of this machine listens, as far as the kernel says so: not those of other network
 * namespaces, nor those that were given another name than by leaving the number of a process away, as Drover does itself. Of a
 * name that does not say from where the kernel keeps nothing else: it is looked for in all folders where a program is.
 */
export const boundSockets = (): readonly string[] => {
  const names = readBound(procText('/proc/net/unix'));
  const relative = names.filter((name) => !name.startsWith('/'));
  const folders = relative.length > 0 ? [...foldersOfProcesses()] : [];
  const paths = [
    ...names.filter((name) => name.startsWith('/')),
    ...folders.flatMap((folder) => namesIn(folder, relative).map((name) => `${folder}/${name}`)),
  ];
  const found = paths.flatMap((path) => [path, path.replace(EARLY, '')].find(isSocket) ?? []);
  const text = (path: string): string => path.split('/').map(textOf).join('/');
  return [...new Set(found)].map((path) => {
    const name = text(path);
    return /[\uDC80-\uDCFF]/u.test(name) ? text(real(path)) : name;
  });
};
