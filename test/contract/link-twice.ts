// Listens twice on its standard input and output, and says over the first link with which code the second one failed.
import { pipeTransport } from '../../src/link/pipe.ts';
import type { Link } from '../../src/ports/link.ts';

const links: Link[] = [];
const accept = (link: Link): void => void links.push(link);
await pipeTransport.listen('stdio', accept);
await pipeTransport.listen('stdio', accept).catch((error: { code: string }) => links[0]!.send(error.code));
