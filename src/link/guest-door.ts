import { once } from 'node:events';
import type { Stats } from 'node:fs';
import { chmod, lstat, mkdir, rm, rmdir, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import type { Link } from '../ports/link.ts';
import { openCredentials } from './credentials.ts';
import { foreignAddress, nothingShared } from './errors.ts';
import { linkOver } from './stream-link.ts';

/** The longest frames, in characters: what a guest typed, and all of a big screen. */
const LONGEST_TYPED = 512 * 1024;
const LONGEST_SCREEN = 4 * 1024 * 1024;
/** So many connections there are at a time at most; what comes beyond that is not even answered. */
const MOST_CONNECTIONS = 32;
/** Others may go through the folder by the names that they were told; they cannot see which there are. */
const PASSABLE = 0o711;
const OPEN_TO_ALL = 0o666;
/** The bits of a mode by which others than its owner may change a folder. */
const OTHERS_WRITE = 0o022;

/**
 * Accepts connections of other users, in a folder that is made for it: one that is there already is somebody's trap. Everybody
 * who knows the path may connect; whoever accepts looks at the peer, which the kernel names. The server closes with its folder.
 */
export const listenForGuests = async (
  address: string,
  accept: (link: Link) => void,
): Promise<{ close(): Promise<void> }> => {
  const folder = dirname(address);
  const peerOf = await openCredentials();
  const server: Server = createServer({ allowHalfOpen: false }, (socket) =>
    accept(linkOver({ input: socket, output: socket, longest: LONGEST_TYPED, peer: peerOf(socket) })),
  );
  server.maxConnections = MOST_CONNECTIONS;
  await mkdir(folder, { mode: 0o700 });
  const close = async (): Promise<void> => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    server.listen(address);
    await once(server, 'listening');
    server.on('error', () => undefined);
    await chmod(address, OPEN_TO_ALL);
    await chmod(folder, PASSABLE);
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
};

/** Whether something is a socket that nobody listens at any more. */
const isLeft = async (address: string): Promise<boolean> => {
  const isSocket = await lstat(address).then(
    (stat) => stat.isSocket(),
    () => false,
  );
  if (!isSocket) return false;
  const socket = connect(address);
  try {
    await once(socket, 'connect');
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  } finally {
    socket.destroy();
  }
};

/**
 * Takes away what a process that was killed left of its door: a socket that nobody listens at, and its folder. The address may
 * come from a backup, so another swarm's door that is open, and whatever else lies there, stays.
 */
export const removeLeftDoor = async (address: string): Promise<void> => {
  if (await isLeft(address)) await unlink(address);
  await rmdir(dirname(address)).catch((error: NodeJS.ErrnoException) => {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(error.code ?? '')) throw error;
  });
};

const statOf = async (path: string, address: string): Promise<Stats> => {
  try {
    return await lstat(path);
  } catch (error) {
    throw nothingShared({ path: address }, error);
  }
};

/** Rejects unless socket and folder belong to one user, and nobody else can put something in their place; resolves with whose they are. */
const ownerOf = async (address: string): Promise<number> => {
  const folder = dirname(address);
  const [above, socket] = [await statOf(folder, address), await statOf(address, address)];
  if (!above.isDirectory()) throw foreignAddress({ path: folder, why: 'is no folder' });
  if (!socket.isSocket()) throw foreignAddress({ path: address, why: 'is no socket' });
  if (above.uid !== socket.uid) throw foreignAddress({ path: folder, why: 'belongs to another user than the socket' });
  if ((above.mode & OTHERS_WRITE) !== 0) throw foreignAddress({ path: folder, why: 'can be written by others' });
  return above.uid;
};

/** Connects to what another user shares; with whose it is, by the number that the system has for them. */
export const connectAsGuest = async (address: string): Promise<{ readonly link: Link; readonly owner: number }> => {
  const owner = await ownerOf(address);
  const peerOf = await openCredentials();
  const socket = connect(address);
  try {
    await once(socket, 'connect');
  } catch (error) {
    socket.destroy();
    throw nothingShared({ path: address }, error);
  }
  // Of whoever listens the system tells the same as of whoever connects.
  const host = peerOf(socket);
  if (host !== null && host.uid !== owner) {
    socket.destroy();
    throw foreignAddress({ path: address, why: 'is answered by another user than the one whose it is' });
  }
  return { link: linkOver({ input: socket, output: socket, longest: LONGEST_SCREEN }), owner };
};
