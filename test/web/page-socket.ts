import { expect, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { PageFrame, ServerFrame } from '../../src/web/wire.ts';

/** How a socket ended: with a code of its protocol, or refused with a status. */
type End = { readonly code: number } | { readonly status: number; readonly text: string };

/** A page at the other end of a socket: what it says, and all that it was told. */
export const openPage = (address: string, headers: Readonly<Record<string, string>> = {}) => {
  const socket = new WebSocket(address, { headers });
  const frames: ServerFrame[] = [];
  const ended = Promise.withResolvers<End>();
  socket.on('message', (data) => frames.push(JSON.parse(String(data)) as ServerFrame));
  socket.on('close', (code) => ended.resolve({ code }));
  socket.on('error', () => undefined);
  socket.on('unexpected-response', (_request, response) => {
    let text = '';
    response.on('data', (chunk) => {
      text += String(chunk);
    });
    response.on('end', () => ended.resolve({ status: response.statusCode ?? 0, text }));
  });
  const kinds = (kind: ServerFrame['kind']): readonly ServerFrame[] => frames.filter((frame) => frame.kind === kind);
  return {
    socket,
    frames,
    ended: ended.promise,
    say: (frame: PageFrame): void => socket.send(JSON.stringify(frame)),
    /** Waits until it was told so many frames of a kind. */
    told: async <K extends ServerFrame['kind']>(
      kind: K,
      count = 1,
    ): Promise<readonly Extract<ServerFrame, { kind: K }>[]> => {
      await vi.waitFor(() => expect(kinds(kind).length).toBeGreaterThanOrEqual(count), {
        timeout: 30_000,
        interval: 5,
      });
      return kinds(kind) as readonly Extract<ServerFrame, { kind: K }>[];
    },
    /** The numbers of the events that it was told of. */
    seqs: (): readonly number[] =>
      frames.flatMap((frame) => (frame.kind === 'events' ? frame.events.map(({ seq }) => seq) : [])),
    close: (): void => socket.terminate(),
  };
};
