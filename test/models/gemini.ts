import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { json, openMind, openServer, type ScriptedModel, sendWords } from './http.ts';
import type { Answer, Message } from './script.ts';

type Part = { readonly text?: string; readonly functionResponse?: object };
type Body = {
  readonly contents?: readonly { readonly role?: string; readonly parts?: readonly Part[] }[];
  readonly tools?: readonly { readonly functionDeclarations?: readonly { readonly name: string }[] }[];
  readonly generationConfig?: { readonly responseMimeType?: string };
};

const messagesOf = ({ contents = [] }: Body): Message[] =>
  contents.flatMap(({ role, parts = [] }): Message[] => {
    if (parts.some((part) => part.functionResponse)) return [{ role: 'user', content: [{ type: 'tool_result' }] }];
    if (role !== 'user') return [{ role: 'assistant', content: '' }];
    // What the program says in the user's name is none of their words.
    const words = parts.map((part) => part.text ?? '').filter((text) => !text.trimStart().startsWith('<'));
    return words.length === 0 ? [] : [{ role: 'user', content: words.join('\n') }];
  });

const callOf = ({ name, input }: NonNullable<Answer['tool']>) => {
  if (name === 'Bash')
    return { name: 'run_shell_command', args: { command: input['command'], description: 'scripted command' } };
  return name === 'Write' ? { name: 'write_file', args: input } : { name, args: input };
};

/** What it is asked beside the work: who speaks next, how hard a prompt is. */
const SIDE = JSON.stringify({
  reasoning: 'scripted',
  next_speaker: 'user',
  complexity_reasoning: 'scripted',
  complexity_score: 10,
  model_choice: 'flash',
});

const usageMetadata = { promptTokenCount: 1200, candidatesTokenCount: 33, totalTokenCount: 1233 };

const chunk = (parts: readonly object[], last: boolean) => ({
  candidates: [{ index: 0, content: { role: 'model', parts }, ...(last ? { finishReason: 'STOP' } : {}) }],
  usageMetadata,
});

const stream = async (response: ServerResponse, answer: Answer): Promise<void> => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (parts: readonly object[], last = false) =>
    response.write(`data: ${JSON.stringify(chunk(parts, last))}\r\n\r\n`);
  if (answer.tool) send([{ functionCall: callOf(answer.tool) }], true);
  else {
    await sendWords(answer, (text) => send([{ text }]));
    if (answer.hang) return;
    send([{ text: '' }], true);
  }
  response.end();
};

const STATUS: Readonly<Record<string, string>> = { 400: 'INVALID_ARGUMENT', 429: 'RESOURCE_EXHAUSTED' };

/** The Gemini API on loopback; the model does what the prompt scripts. */
export const openScriptedGemini = async (): Promise<ScriptedModel> => {
  const mind = openMind();
  const server = await openServer(async (path, unknownBody, response) => {
    const method = /:(?<method>\w+)$/u.exec(path)?.groups?.['method'];
    if (method === 'countTokens') return json(response, 200, { totalTokens: 100 });
    if (method !== 'streamGenerateContent' && method !== 'generateContent')
      return json(response, 404, { error: { code: 404, message: 'not found' } });
    const body = unknownBody as Body;
    const tools = (body.tools ?? []).flatMap((tool) => (tool.functionDeclarations ?? []).map(({ name }) => name));
    const answer = mind.answer({ messages: messagesOf(body), tools }, response);
    if (answer.error) {
      const { status } = answer.error;
      const error = { code: Number(status), message: `scripted error ${status}`, status: STATUS[status] ?? 'INTERNAL' };
      return json(response, Number(status), { error });
    }
    if (answer.before) await pause(answer.before);
    if (answer.drop) return void response.destroy();
    if (method === 'streamGenerateContent') return stream(response, answer);
    const asksJson = body.generationConfig?.responseMimeType === 'application/json';
    return json(response, 200, chunk([{ text: asksJson ? SIDE : (answer.text ?? '') }], true));
  });
  return { ...server, calls: mind.calls };
};
