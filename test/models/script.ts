import { readFileSync } from 'node:fs';

/** A block of a message, as the Messages API has them. */
export type Block = { readonly type: string; readonly text?: string };
export type Message = { readonly role: string; readonly content: string | readonly Block[] };

/** One answer of the scripted model. */
export type Answer = {
  readonly text?: string;
  readonly thinking?: string;
  readonly tool?: { readonly name: string; readonly input: Readonly<Record<string, unknown>> };
  readonly stop?: string;
  /** Milliseconds before the first byte, and between two words. */
  readonly before?: number;
  readonly chunkMs?: number;
  readonly hang?: boolean;
  readonly drop?: boolean;
  /** An HTTP status, or `midstream`, that is answered so many times for this prompt. */
  readonly error?: { readonly status: string; readonly times: number; readonly limitMinutes?: number };
};

type Step = { readonly op: string; readonly arg: string };

export const textOf = (content: Message['content'] | undefined): string =>
  typeof content === 'string'
    ? content
    : (content ?? [])
        .filter((block) => block.type === 'text')
        .map((block) => block.text ?? '')
        .join('\n');

const blocksOf = ({ content }: Message): readonly Block[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content;

/** What programs put beside the words of a person. */
const ASIDE = /^\s*<(?:system-reminder|command-|local-command)/u;

/** The prompt in force and how many answers it was given already. */
export const position = (messages: readonly Message[]): { prompt: string; step: number } => {
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at]!;
    if (message.role !== 'user') continue;
    const blocks = blocksOf(message);
    const last = blocks.findLast((block) => block.type === 'text' && !ASIDE.test(block.text ?? ''))?.text;
    if (last === undefined) continue;
    const prompt = last.replace(/<\/?pasted_content[^>]*>\n?/gu, '').trim();
    if (blocks.some((block) => block.type === 'tool_result') && !prompt.includes('%%')) continue;
    return { prompt, step: messages.slice(at + 1).filter((one) => one.role === 'assistant').length };
  }
  return { prompt: '', step: 0 };
};

/** The texts of a person, word for word, that came after the last answer. */
export const said = (messages: readonly Message[]): string[] =>
  messages
    .slice(messages.findLastIndex(({ role }) => role === 'assistant') + 1)
    .filter(({ role }) => role === 'user')
    .flatMap(blocksOf)
    .flatMap(({ type, text = '' }) => (type === 'text' && !ASIDE.test(text) ? [text] : []));

/** A prompt is its own script: it is cut at `%%`, and each piece is one answer of the model. */
const scriptOf = (prompt: string): Step[] =>
  prompt
    .split('%%')
    .slice(1)
    .map((piece) => {
      const [, op = '', arg = ''] = /^\s*(\S*)\s*([\s\S]*)$/u.exec(piece) ?? [];
      return { op, arg: arg.trim() };
    });

const unescaped = (text: string): string => text.replaceAll('\\n', '\n');

const firstWord = (arg: string): [string, string] => {
  const [, word = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/u.exec(arg) ?? [];
  return [word, rest];
};

/**
 * A brief is a file that the prompt names: its own words are the script then. Of work that was sent back they are what a gate
 * printed, in one line, where that is a script.
 */
export const scripted = (prompt: string): string => {
  const file = /^Task .+: read (?<file>\/.+\.md) and do what it says\.$/u.exec(prompt)?.groups?.['file'];
  if (file === undefined) return prompt;
  const brief = readFileSync(file, 'utf8');
  const [, sentBack] = /\n## Sent back\n[\s\S]*?(%%.*)/u.exec(brief) ?? [];
  return sentBack ?? /%%[\s\S]*?(?=\n## |$)/u.exec(brief)?.[0].trim() ?? prompt;
};

type Scene = {
  readonly cwd: string;
  readonly tools: readonly string[];
  /** The file that a program in plan mode wants its plan in. */
  readonly planFile?: string | undefined;
};

type Maker = (arg: string, scene: Scene) => Answer;

const MAKERS: Readonly<Record<string, Maker>> = {
  say: (arg) => ({ text: unescaped(arg) }),
  think: (arg) => ({ thinking: 'Let me think about it.', text: unescaped(arg) }),
  max: (arg) => ({ text: unescaped(arg), stop: 'max_tokens' }),
  refuse: () => ({ text: '', stop: 'refusal' }),
  bash: (arg) => ({
    text: 'Running a command.',
    tool: { name: 'Bash', input: { command: arg, description: 'scripted command' } },
  }),
  /** Asks to run it outside of the sandbox, for programs that have one. */
  esc: (arg) => ({
    tool: { name: 'Bash', input: { command: arg, description: 'scripted command', escalated: true } },
  }),
  write: (arg, { cwd }) => {
    const [path, content] = firstWord(arg);
    return { tool: { name: 'Write', input: { file_path: `${cwd}/${path}`, content: unescaped(content) } } };
  },
  /** Writes the plan that the program asks for in its plan mode. */
  plan: (arg, { planFile = 'plan.md' }) => ({
    tool: { name: 'Write', input: { file_path: planFile, content: unescaped(arg) } },
  }),
  read: (arg, { cwd }) => ({
    tool: { name: 'Read', input: { file_path: arg.startsWith('/') ? arg : `${cwd}/${arg}` } },
  }),
  tool: (arg) => {
    const [name, input] = firstWord(arg);
    return { tool: { name, input: JSON.parse(input) as Record<string, unknown> } };
  },
  /** Directives of the sub-agent's prompt are written with `@@`. */
  task: (arg, { tools }) => ({
    tool: {
      name: tools.includes('Agent') ? 'Agent' : 'Task',
      input: { description: 'scripted', prompt: arg.replaceAll('@@', '%%'), subagent_type: 'general-purpose' },
    },
  }),
  slow: (arg) => {
    const [ms = 100, words = 20] = arg.split(/\s+/u).map(Number);
    return { text: Array.from({ length: words }, (_, i) => `word${i}`).join(' '), chunkMs: ms };
  },
  sleep: (arg) => ({ text: 'slept', before: Number(arg) }),
  hang: () => ({ text: 'hanging', hang: true }),
  drop: () => ({ text: 'dropping', drop: true }),
  limit: (arg) => ({ error: { status: '429', times: 1, limitMinutes: Number(arg) || 90 } }),
  error: (arg) => {
    const [status = '500', times] = arg.split(/\s+/u);
    return { error: { status, times: times === undefined ? Number.POSITIVE_INFINITY : Number(times) } };
  },
};

/** The answer to the n-th call for a prompt; `used` tells how often an error of it was given already. */
export const answerFor = (prompt: string, step: number, scene: Scene, used: (step: number) => number): Answer => {
  const script = scriptOf(prompt);
  if (script.length === 0) return { text: `You said: ${prompt.slice(0, 200)}` };
  for (let at = step; at < script.length; at += 1) {
    const { op, arg } = script[at]!;
    const answer = Object.hasOwn(MAKERS, op) ? MAKERS[op]!(arg, scene) : { text: `unknown directive ${op}` };
    // An error that was given often enough hands over to what comes next.
    if (!answer.error || used(at) < answer.error.times) return answer;
  }
  return { text: 'done.' };
};
