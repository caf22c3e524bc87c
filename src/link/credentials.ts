import { closeSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { release } from 'node:os';
import type { Peer } from '../ports/link.ts';

/** Finds who connected; null where the system does not say. */
type PeerOf = (socket: Socket) => Peer | null;

type Option = { readonly level: number; readonly name: number; readonly bytes: number };
/** Reads an option of a socket; undefined when it has none, or it cannot be told. */
type ReadOption = (fd: number, option: Option) => Buffer | undefined;

// From <sys/socket.h> and <sys/un.h> of the systems.
const SO_PEERCRED = { level: 1, name: process.arch === 'ppc64' ? 21 : 17, bytes: 12 };
const SO_PEERPIDFD = { level: 1, name: 77, bytes: 4 };
const LOCAL_PEERCRED = { level: 0, name: 1, bytes: 76 };
const LOCAL_PEERPID = { level: 0, name: 2, bytes: 4 };

/** The descriptor of a socket: Node has no public name for it. */
const descriptorOf = (socket: Socket): number | undefined => {
  const { _handle: handle } = socket as unknown as { readonly _handle?: { readonly fd?: number } | null };
  return handle?.fd !== undefined && handle.fd >= 0 ? handle.fd : undefined;
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Linux from 6.5 on hands out the very process that connected, and nothing once that has ended. */
const hasProcessHandles = (): boolean => {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 5);
};

/** Whether the process that connected still runs: its number may be that of another one by now. */
const isSameProcess = (read: ReadOption, fd: number, pid: number): boolean => {
  const handle = read(fd, SO_PEERPIDFD)?.readInt32LE(0);
  if (handle === undefined) return !hasProcessHandles() && isRunning(pid);
  try {
    return new RegExp(`^Pid:\\s*${pid}$`, 'mu').test(readFileSync(`/proc/self/fdinfo/${handle}`, 'utf8'));
  } finally {
    closeSync(handle);
  }
};

/** Somebody of whom the system tells no more, because the connection is over. No process has the number 0. */
const GONE: Peer = { pid: 0, uid: null, isThere: () => false };

const linuxPeer =
  (read: ReadOption): PeerOf =>
  (socket) => {
    const fd = descriptorOf(socket);
    const found = fd === undefined ? undefined : read(fd, SO_PEERCRED);
    if (!found) return GONE;
    const pid = found.readInt32LE(0);
    const isThere = (): boolean => {
      const now = descriptorOf(socket);
      return now !== undefined && isSameProcess(read, now, pid);
    };
    return { pid, uid: found.readUInt32LE(4), isThere };
  };

const macPeer =
  (read: ReadOption): PeerOf =>
  (socket) => {
    const fd = descriptorOf(socket);
    const pid = fd === undefined ? undefined : read(fd, LOCAL_PEERPID)?.readInt32LE(0);
    if (fd === undefined || pid === undefined) return GONE;
    // A version comes before the user.
    return { pid, uid: read(fd, LOCAL_PEERCRED)?.readUInt32LE(4) ?? null, isThere: () => isRunning(pid) };
  };

const SYSTEMS: Readonly<Record<string, (read: ReadOption) => PeerOf>> = { linux: linuxPeer, darwin: macPeer };

/** `getsockopt` of the C library; undefined where the package that reaches it is not installed or has no build for here. */
const openGetsockopt = async (): Promise<ReadOption | undefined> => {
  try {
    const { default: koffi } = await import('koffi');
    const getsockopt = koffi
      .load(null)
      .func('int getsockopt(int fd, int level, int name, _Out_ void *value, _Inout_ uint32_t *bytes)');
    return (fd, { level, name, bytes }) => {
      const value = Buffer.alloc(bytes);
      return getsockopt(fd, level, name, value, [bytes]) === 0 ? value : undefined;
    };
  } catch {
    return undefined;
  }
};

/** Whether the system says here who connects to a socket. */
export const canTellPeers = async (): Promise<boolean> =>
  Object.hasOwn(SYSTEMS, process.platform) && (await openGetsockopt()) !== undefined;

/** How those who connect to a socket of this machine are known: by what the kernel noted of them when they did. */
export const openCredentials = async (): Promise<PeerOf> => {
  const read = await openGetsockopt();
  const system = SYSTEMS[process.platform];
  return read && system ? system(read) : () => null;
};
