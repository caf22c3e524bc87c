import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { ScriptedModel } from './http.ts';
import { type Call, logCall } from './log.ts';
import { type Answer, answerFor, type Message, scripted, textOf } from './script.ts';

type Body = {
  readonly model?: string;
  readonly stream?: boolean;
  readonly system?: Message['content'];
  readonly messages?: readonly Message[];
  readonly tools?: readonly { readonly name: string }[];
  readonly output_config?: { readonly format?: unknown };
};

const idOf = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`;

const ERRORS: Readonly<Record<string, readonly [string, string]>> = {
  400: ['invalid_request_error', 'scripted bad request'],
  401: ['authentication_error', 'invalid x-api-key'],
  429: ['rate_limit_error', 'This request would exceed your rate limit.'],
  500: ['api_error', 'Internal server error'],
  529: ['overloaded_error', 'Overloaded'],
};

const json = (response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
};

/** What a subscription sends when its five hours are used up. */
const limitHeaders = (minutes: number): Record<string, string> => {
  const reset = String(Math.floor(Date.now() / 1000) + 60 * minutes);
  const unified = 'anthropic-ratelimit-unified';
  return {
    'retry-after': String(60 * minutes),
    [`${unified}-status`]: 'rejected',
    [`${unified}-representative-claim`]: 'five_hour',
    [`${unified}-reset`]: reset,
    [`${unified}-5h-status`]: 'rejected',
    [`${unified}-5h-reset`]: reset,
    [`${unified}-5h-utilization`]: '1.0',
    [`${unified}-overage-status`]: 'rejected',
    [`${unified}-overage-disabled-reason`]: 'org_level_disabled',
  };
};

const fail = (response: ServerResponse, { status, limitMinutes }: NonNullable<Answer['error']>): void => {
  const [type, message] = ERRORS[status] ?? ['api_error', 'scripted error'];
  const headers = limitMinutes ? limitHeaders(limitMinutes) : { 'retry-after': '1' };
  json(response, Number(status), { type: 'error', error: { type, message } }, status === '429' ? headers : {});
};

const contentOf = ({ thinking, text, tool }: Answer) => [
  ...(thinking ? [{ type: 'thinking', thinking, signature: 'c2ln' } as const] : []),
  ...(text ? [{ type: 'text', text } as const] : []),
  ...(tool ? [{ type: 'tool_use', id: idOf('toolu'), name: tool.name, input: tool.input } as const] : []),
];
type Content = ReturnType<typeof contentOf>[number];

type Send = (type: string, rest: object) => void;

const streamBlock = async (send: Send, index: number, block: Content, answer: Answer): Promise<void> => {
  const delta = (value: object) => send('content_block_delta', { index, delta: value });
  const start = (value: object) => send('content_block_start', { index, content_block: value });
  if (block.type === 'text') {
    start({ type: 'text', text: '' });
    for (const word of block.text.match(/\S+\s*|\s+/gu) ?? []) {
      delta({ type: 'text_delta', text: word });
      if (answer.chunkMs) await pause(answer.chunkMs);
    }
  } else if (block.type === 'thinking') {
    start({ type: 'thinking', thinking: '', signature: '' });
    delta({ type: 'thinking_delta', thinking: block.thinking });
    delta({ type: 'signature_delta', signature: block.signature });
  } else {
    start({ type: 'tool_use', id: block.id, name: block.name, input: {} });
    delta({ type: 'input_json_delta', partial_json: JSON.stringify(block.input) });
  }
};

const usage = { input_tokens: 1000, cache_creation_input_tokens: 200, cache_read_input_tokens: 5000, output_tokens: 1 };

const stream = async (response: ServerResponse, body: Body, answer: Answer): Promise<void> => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const send: Send = (type, rest) => {
    if (!response.destroyed) response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`);
  };
  const head = { id: idOf('msg'), type: 'message', role: 'assistant', model: body.model, content: [] };
  send('message_start', { message: { ...head, stop_reason: null, stop_sequence: null, usage } });
  if (answer.error) {
    send('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
    response.end();
    return;
  }
  for (const [index, block] of contentOf(answer).entries()) {
    await streamBlock(send, index, block, answer);
    if (answer.hang || response.destroyed) return;
    if (answer.drop) {
      response.destroy();
      return;
    }
    send('content_block_stop', { index });
  }
  const stop_reason = answer.stop ?? (answer.tool ? 'tool_use' : 'end_turn');
  send('message_delta', { delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 40 } });
  send('message_stop', {});
  response.end();
};

/** The folder an agent works in, as it tells the model. */
const cwdIn = (body: Body): string => {
  const all = `${textOf(body.system)}\n${JSON.stringify(body.messages ?? []).replaceAll('\\n', '\n')}`;
  return /(?:Primary working directory|Working directory):\s*(\S+)/u.exec(all)?.[1] ?? '.';
};

const planFileIn = (body: Body): string | undefined =>
  /\/[^\s"'`]+\/plans\/[\w.-]+\.md/u.exec(JSON.stringify(body.messages ?? []))?.[0];

const read = async (request: IncomingMessage): Promise<Body> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString() || '{}') as Body;
  } catch {
    return {};
  }
};

/** A Messages API on loopback whose model does what the prompt scripts; no account and no key is needed. */
export const openScriptedModel = async (): Promise<ScriptedModel> => {
  const calls: Call[] = [];
  const given = new Map<string, number>();
  const answer = async (response: ServerResponse, body: Body): Promise<void> => {
    // Titles, topics and suggestions are asked without tools.
    const side = (body.tools ?? []).length === 0;
    const call = logCall(calls, body.messages ?? [], side);
    const { prompt, step } = call;
    const key = (at: number): string => `${prompt}#${at}`;
    const tools = (body.tools ?? []).map(({ name }) => name);
    const scene = { cwd: cwdIn(body), tools, planFile: planFileIn(body) };
    const planned: Answer = side
      ? { text: body.output_config?.format ? '{"title":"Scripted","isNewTopic":false}' : 'Scripted' }
      : answerFor(scripted(prompt), step, scene, (at) => given.get(key(at)) ?? 0);
    if (planned.error) given.set(key(step), (given.get(key(step)) ?? 0) + 1);
    call.planned(planned, response);
    if (planned.error && planned.error.status !== 'midstream') return fail(response, planned.error);
    if (planned.before) await pause(planned.before);
    if (body.stream) return stream(response, body, planned);
    const stop_reason = planned.stop ?? (planned.tool ? 'tool_use' : 'end_turn');
    const head = { id: idOf('msg'), type: 'message', role: 'assistant', model: body.model, stop_sequence: null };
    json(response, 200, { ...head, content: contentOf(planned), stop_reason, usage });
  };
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const path = request.url?.split('?')[0];
      if (path === '/v1/messages' && request.method === 'POST') return answer(response, body);
      if (path === '/v1/messages/count_tokens') return json(response, 200, { input_tokens: 1234 });
      if (path === '/v1/models') return json(response, 200, { data: [], has_more: false });
      if (request.method === 'HEAD') return json(response, 200, {});
      return json(response, 404, { type: 'error', error: { type: 'not_found_error', message: 'not found' } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};
