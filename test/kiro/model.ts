import { behaviour } from './options.ts';

export type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: Record<string, unknown> }
  | { readonly type: 'tool_result'; readonly tool_use_id: string; readonly content: string };
export type Message = { readonly role: 'user' | 'assistant'; readonly content: readonly Block[] };

/** The service refused a call; status 0: the line was cut. */
export class ServiceError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const TOOLS = ['Bash', 'Write', 'Read', 'Ask'].map((name) => ({ name, input_schema: { type: 'object' } }));

type Event = {
  readonly type: string;
  readonly content_block?: Block & { type: string };
  readonly delta?: { readonly type: string; readonly text?: string; readonly partial_json?: string };
};

async function* eventsOf(response: Response): AsyncGenerator<Event> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body!) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop()!;
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6)) as Event;
  }
}

const request = (messages: readonly Message[], signal: AbortSignal): Promise<Response> =>
  fetch(`${behaviour.model}/v1/messages`, {
    method: 'POST',
    signal,
    body: JSON.stringify({
      ...{ model: 'scripted', stream: true, tools: TOOLS, messages },
      system: `Working directory: ${process.cwd()}`,
    }),
  });

/** Asks the model; what it says is told word by word, and its whole answer is given. */
export const callModel = async (
  messages: readonly Message[],
  signal: AbortSignal,
  onText: (text: string) => void,
): Promise<readonly Block[]> => {
  try {
    const response = await request(messages, signal);
    if (!response.ok) throw new ServiceError(response.status, await response.text());
    const blocks: Block[] = [];
    let input = '';
    let isWhole = false;
    for await (const { type, content_block, delta } of eventsOf(response)) {
      if (type === 'content_block_start') blocks.push(content_block!);
      if (type === 'content_block_start') input = '';
      if (type === 'message_stop') isWhole = true;
      const block = blocks.at(-1);
      if (delta?.type === 'text_delta' && block?.type === 'text') {
        blocks[blocks.length - 1] = { type: 'text', text: block.text + delta.text! };
        onText(delta.text!);
      }
      if (delta?.type === 'input_json_delta') input += delta.partial_json!;
      if (type === 'content_block_stop' && block?.type === 'tool_use')
        blocks[blocks.length - 1] = { ...block, input: JSON.parse(input || '{}') as Record<string, unknown> };
    }
    if (!isWhole) throw new ServiceError(0, 'the answer was cut');
    return blocks;
  } catch (error) {
    if (signal.aborted || error instanceof ServiceError) throw error;
    throw new ServiceError(0, 'connection error: the line was cut');
  }
};
