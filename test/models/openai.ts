import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { json, openMind, openServer, type ScriptedModel, sendWords } from './http.ts';
import type { Answer, Message } from './script.ts';

type Part = { readonly text?: string };
type Item = { readonly type?: string; readonly role?: string; readonly content?: string | readonly Part[] };
type Tool = { readonly name?: string; readonly type?: string; readonly function?: { readonly name: string } };
type Body = {
  readonly model?: string;
  readonly input?: readonly Item[];
  readonly messages?: readonly Item[];
  readonly tools?: readonly Tool[];
};

const idOf = (prefix: string): string => `${prefix}_${randomBytes(8).toString('hex')}`;

const textOf = ({ content }: Item): string =>
  typeof content === 'string' ? content : (content ?? []).map(({ text }) => text ?? '').join('\n');

/** The conversation in the words of the script: what a program adds in the user's name is none of their words. */
const messagesOf = (items: readonly Item[]): Message[] =>
  items.flatMap((item): Message[] => {
    if (item.type?.endsWith('_call_output') || item.role === 'tool')
      return [{ role: 'user', content: [{ type: 'tool_result' }] }];
    if (item.role === 'developer' || item.role === 'system' || item.type === 'reasoning') return [];
    if (item.role !== 'user') return [{ role: 'assistant', content: '' }];
    const text = textOf(item);
    return text.trimStart().startsWith('<') || text.startsWith('# AGENTS.md') ? [] : [{ role: 'user', content: text }];
  });

type Call = { readonly name: string; readonly input: object };

/** A tool of the script as the program that asks has it. */
const callOf = ({ name, input }: NonNullable<Answer['tool']>, tools: readonly string[]): Call => {
  const command = String(input['command']);
  if (name === 'Bash' && tools.includes('exec_command')) {
    const outside = { sandbox_permissions: 'require_escalated', justification: 'scripted escalation' };
    return { name: 'exec_command', input: { cmd: command, ...(input['escalated'] ? outside : {}) } };
  }
  if (name === 'Bash') return { name: 'bash', input: { command, description: 'scripted command' } };
  if (name !== 'Write') return { name, input };
  const [path, content] = [String(input['file_path']), String(input['content'])];
  return tools.includes('write')
    ? { name: 'write', input: { filePath: path, content } }
    : { name: 'exec_command', input: { cmd: `printf %s '${content}' > '${path}'` } };
};

const fail = (response: ServerResponse, status: string): void => {
  const type = status === '429' ? 'rate_limit_exceeded' : status === '400' ? 'invalid_request_error' : 'server_error';
  json(response, Number(status), { error: { message: `scripted error ${status}`, type, code: type } });
};

const begin = (response: ServerResponse): void => void response.writeHead(200, { 'content-type': 'text/event-stream' });

const USAGE = { input_tokens: 1200, output_tokens: 33, total_tokens: 1233 };

/** An answer of the Responses API. */
const respond = async (response: ServerResponse, answer: Answer, tools: readonly string[]): Promise<void> => {
  begin(response);
  const send = (type: string, rest: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`);
  const head = { id: idOf('resp'), object: 'response' };
  const call = answer.tool && callOf(answer.tool, tools);
  const content = [{ type: 'output_text', text: answer.text ?? '', annotations: [] }];
  const item = call
    ? {
        type: 'function_call',
        id: idOf('fc'),
        call_id: idOf('call'),
        name: call.name,
        arguments: JSON.stringify(call.input),
      }
    : { type: 'message', id: idOf('msg'), role: 'assistant', content };
  const started = call ? { ...item, arguments: '' } : { ...item, content: [] };
  send('response.created', { response: { ...head, status: 'in_progress', output: [] } });
  send('response.output_item.added', { output_index: 0, item: { ...started, status: 'in_progress' } });
  if (!call) {
    const place = { item_id: item.id, output_index: 0, content_index: 0 };
    await sendWords(answer, (delta) => send('response.output_text.delta', { ...place, delta }));
  }
  if (answer.hang) return;
  const done = { ...item, status: 'completed' };
  send('response.output_item.done', { output_index: 0, item: done });
  send('response.completed', { response: { ...head, status: 'completed', output: [done], usage: USAGE } });
  response.end();
};

/** An answer of the Chat Completions API. */
const complete = async (
  response: ServerResponse,
  answer: Answer,
  { tools, model }: { tools: readonly string[]; model: string | undefined },
) => {
  begin(response);
  const head = { id: idOf('chatcmpl'), object: 'chat.completion.chunk', created: 1, model };
  const usage = { prompt_tokens: 1200, completion_tokens: 33, total_tokens: 1233 };
  const send = (delta: object, finish_reason: string | null = null) => {
    const choices = [{ index: 0, delta, finish_reason }];
    response.write(`data: ${JSON.stringify({ ...head, choices, ...(finish_reason ? { usage } : {}) })}\n\n`);
  };
  send({ role: 'assistant', content: '' });
  const call = answer.tool && callOf(answer.tool, tools);
  if (call) {
    const made = { name: call.name, arguments: JSON.stringify(call.input) };
    send({ tool_calls: [{ index: 0, id: idOf('call'), type: 'function', function: made }] });
  } else await sendWords(answer, (content) => send({ content }));
  if (answer.hang) return;
  send({}, call ? 'tool_calls' : 'stop');
  response.write('data: [DONE]\n\n');
  response.end();
};

/** The Responses and the Chat Completions API on loopback; the model does what the prompt scripts. */
export const openScriptedOpenAi = async (): Promise<ScriptedModel> => {
  const mind = openMind();
  const server = await openServer(async (path, unknownBody, response) => {
    const body = unknownBody as Body;
    if (path.endsWith('/models')) return json(response, 200, { object: 'list', data: [], models: [] });
    const isChat = path.endsWith('/chat/completions');
    if (!isChat && !path.endsWith('/responses')) return json(response, 404, { error: { message: 'not found' } });
    const tools = (body.tools ?? []).map((tool) => tool.function?.name ?? tool.name ?? tool.type ?? '');
    const answer = mind.answer({ messages: messagesOf(body.input ?? body.messages ?? []), tools }, response);
    if (answer.error) return fail(response, answer.error.status);
    if (answer.before) await pause(answer.before);
    if (answer.drop) return void response.destroy();
    return isChat ? complete(response, answer, { tools, model: body.model }) : respond(response, answer, tools);
  });
  return { ...server, url: `${server.url}/v1`, calls: mind.calls };
};
