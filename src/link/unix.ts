import { once } from 'node:events';
import { lstatSync, type Stats } from 'node:fs';
import { chmod, lstat, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Link, LinkTransport } from '../ports/link.ts';
import { openCredentials } from './credentials.ts';
import { addressTaken, foreignAddress, nobodyListens, notAllowed } from './errors.ts';
import { LONGEST_ANSWER, LONGEST_REQUEST, linkOver } from './stream-link.ts';

/** What the system says where no socket is, where its owner is dead or dies just then, and where something else lies. */
const NOBODY: readonly unknown[] = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'ENOTSOCK', 'ENOTDIR'];
const DENIED: readonly unknown[] = ['EACCES', 'EPERM'];

/** The bits of a mode by which others than its owner may change a folder. */
const OTHERS_WRITE = 0o022;

const explainError = (error: unknown, address: string): unknown => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (NOBODY.includes(code)) return nobodyListens({ address }, error);
  return DENIED.includes(code) ? notAllowed({ address }, error) : error;
};

/** What is at a path; undefined when nothing is. A link is not followed: it may lead to somebody else. */
const foundAt = async (path: string): Promise<Stats | undefined> => {
  try {
    return await lstat(path);
  } catch (error) {
    if (NOBODY.includes((error as NodeJS.ErrnoException).code)) return undefined;
    throw explainError(error, path);
  }
};

/**
 * Rejects unless the socket is ours, in a folder where nobody else can put another one in its place: in a folder for all
 * users somebody may wait for what we say.
 */
const checkOwner = async (address: string): Promise<void> => {
  const uid = process.getuid?.();
  const folder = dirname(address);
  const [above, socket] = await Promise.all([foundAt(folder), foundAt(address)]);
  if (!above || !socket || uid === undefined) return;
  if (above.isSymbolicLink() || socket.isSymbolicLink())
    throw foreignAddress({ path: above.isSymbolicLink() ? folder : address, why: 'is a symbolic link' });
  for (const [path, { uid: owner }] of [
    [folder, above],
    [address, socket],
  ] as const)
    if (owner !== uid) throw foreignAddress({ path, why: `belongs to another user (${owner})` });
  if ((above.mode & OTHERS_WRITE) !== 0) throw foreignAddress({ path: folder, why: 'can be written by others' });
};

const connectTo = async (address: string, signal?: AbortSignal): Promise<Link> => {
  signal?.throwIfAborted();
  await checkOwner(address);
  const socket = connect({ path: address, allowHalfOpen: true });
  try {
    await once(socket, 'connect', signal ? { signal } : {});
  } catch (error) {
    socket.destroy();
    throw signal?.aborted ? signal.reason : explainError(error, address);
  }
  return linkOver({ input: socket, output: socket, longest: LONGEST_ANSWER });
};

const isAnswered = async (address: string): Promise<boolean> => {
  try {
    (await connectTo(address)).close();
    return true;
  } catch {
    return false;
  }
};

/** Nobody but us may open it, from its first moment on, and it has its name only when it is ready. */
const bind = async (server: Server, address: string): Promise<void> => {
  const early = `${address}.${process.pid}`;
  const mask = process.umask(0o177);
  try {
    await rm(early, { force: true });
    server.listen(early);
    await once(server, 'listening');
  } finally {
    process.umask(mask);
  }
  await chmod(early, 0o600);
  await rename(early, address);
};

/** Which file lies at an address; undefined where there is none. */
const identityAt = (address: string): string | undefined => {
  const found = lstatSync(address, { throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino}`;
};

/** Frames over a socket in the file system. What a dead program left at the address is replaced. */
export const unixTransport: LinkTransport = {
  scheme: 'unix',
  title: 'unix socket',
  summary: 'A socket that only its owner may open; one readable line in, JSON out',
  addressIn: ({ socket }) => socket,
  connect: connectTo,
  listen: async (address, accept) => {
    if (await isAnswered(address)) throw addressTaken({ address });
    const peerOf = await openCredentials();
    const server = createServer({ allowHalfOpen: true }, (socket: Socket) =>
      accept(linkOver({ input: socket, output: socket, longest: LONGEST_REQUEST, peer: peerOf(socket) })),
    );
    await bind(server, address);
    const own = identityAt(address);
    const isInPlace = (): boolean => identityAt(address) === own;
    return {
      isInPlace,
      close: async () => {
        // What somebody else has put there is his.
        if (isInPlace()) await rm(address, { force: true });
        server.close();
      },
    };
  },
};
