import { request } from 'node:http';
import type { Socket } from 'node:net';
import type { Upstream } from './upstream.ts';

/** What another proxy is told of who comes. */
export const authorized = ({ authorization }: Upstream): Readonly<Record<string, string>> =>
  authorization === null ? {} : { 'proxy-authorization': authorization };

/**
 * Asks the proxy at the other end of a connection to lead it on to `host:port`. Resolves with the status by which it refuses, or
 * null where it leads on; rejects where it gives no answer that can be read in time.
 */
export const leadThrough = (
  socket: Socket,
  place: string,
  { upstream, patienceMs }: { readonly upstream: Upstream; readonly patienceMs: number },
): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const asking = request({
      ...{ method: 'CONNECT', path: place, setHost: false },
      headers: { host: place, ...authorized(upstream) },
      createConnection: () => socket,
    });
    asking.setTimeout(patienceMs, () => asking.destroy(new Error('it did not answer in time')));
    asking.on('error', reject);
    asking.on('connect', ({ statusCode: status = 0 }, _socket, head) => {
      socket.setTimeout(0);
      if (head.length > 0) socket.unshift(head);
      resolve(status >= 200 && status < 300 ? null : status);
    });
    asking.end();
  });
