import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Link, LinkTransport, Peer } from '../ports/link.ts';
import { addressTaken, badAddress, nobodyListens, notAllowed } from './errors.ts';
import { LONGEST_ANSWER, LONGEST_REQUEST, linkOver } from './stream-link.ts';

const argvIn = (address: string): readonly [string, ...string[]] => {
  const wanted = 'a program and its arguments as a JSON list, for example ["ssh", "host", "program"]';
  let argv: unknown;
  try {
    argv = JSON.parse(address);
  } catch (error) {
    throw badAddress({ address, wanted }, error);
  }
  if (!Array.isArray(argv) || argv.length === 0 || !argv.every((one) => typeof one === 'string'))
    throw badAddress({ address, wanted });
  return argv as [string, ...string[]];
};

const explainError = (error: unknown, address: string): unknown => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return nobodyListens({ address }, error);
  return code === 'EACCES' ? notAllowed({ address }, error) : error;
};

const connectTo = async (address: string, signal?: AbortSignal): Promise<Link> => {
  const [file, ...args] = argvIn(address);
  signal?.throwIfAborted();
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.on('error', () => undefined);
  try {
    await once(child, 'spawn', signal ? { signal } : {});
  } catch (error) {
    child.kill();
    throw signal?.aborted ? signal.reason : explainError(error, address);
  }
  const link = linkOver({ input: child.stdout, output: child.stdin, longest: LONGEST_ANSWER });
  // It was started for this link alone.
  void link.closed.then(() => child.kill());
  return link;
};

/** Whoever started this program speaks to it. */
const starter = (): Peer => {
  const pid = process.ppid;
  return { pid, uid: process.getuid?.() ?? null, isThere: () => process.ppid === pid };
};

let isListening = false;

/**
 * Frames over the standard input and output of a program that whoever connects starts. The program listens there, once
 * in its life, and nothing else in it may print.
 */
export const pipeTransport: LinkTransport = {
  scheme: 'pipe',
  title: 'pipe',
  summary: 'The standard input and output of a program that is started for it, also on another machine by ssh',
  addressIn: () => null,
  connect: connectTo,
  listen: async (address, accept) => {
    if (isListening) throw addressTaken({ address });
    isListening = true;
    // Not `process.stdout`: that one writes to a pipe until all is gone, and the whole program waits for a slow reader.
    const input = new Socket({ fd: 0, readable: true, writable: false });
    const output = new Socket({ fd: 1, readable: false, writable: true });
    accept(linkOver({ input, output, longest: LONGEST_REQUEST, peer: starter() }));
    return { close: async () => undefined, isInPlace: () => true };
  },
};
