import { createServer } from 'node:net';

const isFree = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    // A machine without IPv6 has nobody who could listen there.
    server.once('error', (error) => resolve('code' in error && error.code === 'EADDRNOTAVAIL'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });

/** Those of the ports at which nobody listens: each is listened at for a moment, on all addresses. */
export const freePorts = async (ports: readonly number[]): Promise<readonly number[]> => {
  const free: number[] = [];
  for (const port of ports) if ((await isFree(port, '0.0.0.0')) && (await isFree(port, '127.0.0.1'))) free.push(port);
  return free;
};
