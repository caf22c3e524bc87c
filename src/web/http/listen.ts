import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createPlain, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSecureContext } from 'node:tls';
import { codeOf } from '../../lib/errors.ts';
import { systemReason } from '../../lib/system-fault.ts';
import { badFile, portTaken } from '../errors.ts';

/** The files of TLS, by their paths. */
export type TlsFiles = { readonly cert: string; readonly key: string };

/** How long somebody may take to say what they want, in milliseconds. */
export type Patience = { readonly headersMs: number; readonly requestMs: number; readonly lookMs: number };

/** Who is slower holds a place that others want. */
export const USUAL_PATIENCE: Patience = { headersMs: 10_000, requestMs: 30_000, lookMs: 5000 };

const LONGEST_HEADERS = 16 * 1024;
/** An idle connection is kept for so long, in milliseconds. */
const KEEP_ALIVE_MS = 15_000;
/** More connections than this are closed as they come. */
const MOST_CONNECTIONS = 2000;

/** What keeps a certificate and a key from being used together. */
const tlsReason = (error: unknown): string => {
  const code = codeOf(error);
  if (/MISMATCH/u.test(code)) return 'the key does not belong to the certificate';
  if (/PASS|DECRYPT|INTERRUPTED/u.test(code)) return 'the key is locked with a passphrase';
  return 'one of them is not in PEM form, or is cut off';
};

const readTls = ({ cert, key }: TlsFiles): { readonly cert: Buffer; readonly key: Buffer } => {
  const read = (path: string): Buffer => {
    try {
      return readFileSync(path);
    } catch (error) {
      throw badFile({ path, why: systemReason(error) }, error);
    }
  };
  const files = { cert: read(cert), key: read(key) };
  try {
    createSecureContext(files);
  } catch (error) {
    throw badFile({ path: `${cert} with ${key}`, why: tlsReason(error) }, error);
  }
  return files;
};

/** A server that listens to nobody yet. */
export const makeServer = (tls: TlsFiles | null, patience: Patience): Server => {
  const options = {
    maxHeaderSize: LONGEST_HEADERS,
    headersTimeout: patience.headersMs,
    requestTimeout: patience.requestMs,
    connectionsCheckingInterval: patience.lookMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  const server = tls ? createSecure({ ...options, ...readTls(tls), minVersion: 'TLSv1.2' }) : createPlain(options);
  server.maxConnections = MOST_CONNECTIONS;
  // What is no HTTP is answered so, and says nothing about us.
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
    else socket.destroy();
  });
  return server;
};

/** Listens at an address; resolves with the port. */
export const listenAt = async (server: Server, host: string, port: number): Promise<number> => {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const fail = (error: NodeJS.ErrnoException): void => {
    reject(portTaken({ host, port, why: systemReason(error) }, error));
  };
  server.once('error', fail);
  server.listen(port, host);
  await Promise.race([once(server, 'listening'), failed]);
  server.off('error', fail);
  return (server.address() as AddressInfo).port;
};
