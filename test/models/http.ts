import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Call, logCall } from './log.ts';
import { type Answer, answerFor, type Message, scripted } from './script.ts';

export type ScriptedModel = AsyncDisposable & { readonly url: string; readonly calls: readonly Call[] };

export const json = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
};

const read = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString() || '{}');
  } catch {
    return {};
  }
};

/** What is asked: the messages of a conversation in order, and the names of the tools that may be used. */
export type Asked = { readonly messages: readonly Message[]; readonly tools: readonly string[] };

/** What a model answers to each of its calls, which it keeps. A call without tools is one beside the agent's own. */
export const openMind = () => {
  const calls: Call[] = [];
  const given = new Map<string, number>();
  return {
    calls,
    answer: ({ messages, tools }: Asked, response: ServerResponse): Answer => {
      const side = tools.length === 0;
      const call = logCall(calls, messages, side);
      const { prompt, step } = call;
      const key = (at: number): string => `${prompt}#${at}`;
      const planned = side
        ? { text: 'Scripted' }
        : answerFor(scripted(prompt), step, { cwd: '.', tools }, (at) => given.get(key(at)) ?? 0);
      if (planned.error) given.set(key(step), (given.get(key(step)) ?? 0) + 1);
      call.planned(planned, response);
      return planned;
    },
  };
};

/** Sends the words of an answer one by one. */
export const sendWords = async ({ text = '', chunkMs }: Answer, send: (word: string) => void): Promise<void> => {
  for (const word of text.match(/\S+\s*|\s+/gu) ?? []) {
    send(word);
    if (chunkMs) await pause(chunkMs);
  }
};

/** A server on loopback, on a port of its own. */
export const openServer = async (
  handle: (path: string, body: unknown, response: ServerResponse) => Promise<void> | void,
): Promise<AsyncDisposable & { readonly url: string }> => {
  const server = createServer((request, response) => {
    void read(request).then((body) => handle(request.url?.split('?')[0] ?? '/', body, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};
