import type { Paths } from '../lib/paths.ts';
import type { Door, LinkTransport } from '../ports/link.ts';
import { pipeTransport } from './pipe.ts';
import { unixTransport } from './unix.ts';

/** Every way in which programs reach each other. */
const transports: readonly LinkTransport[] = [unixTransport, pipeTransport];

/** All of them with where clients of a repository come by them. */
export const doorsIn = (paths: Paths): readonly Door[] =>
  transports.map((transport) => ({ transport, address: transport.addressIn(paths) }));
