import type { Paths } from '../lib/paths.ts';
import type { Door, LinkTransport } from '../ports/link.ts';
import { pipeTransport } from './pipe.ts';
import { unixTransport } from './unix.ts';

/** Every way in which programs reach each other. */
const transports: readonly LinkTransport[] = [unixTransport, pipeTransport];

/** All of them, and where clients of a repository come by the one that is in use. */
export const doorsIn = (paths: Paths, scheme: string): readonly Door[] =>
  transports.map((transport) => ({
    transport,
    address: transport.scheme === scheme ? transport.addressIn(paths) : null,
  }));
