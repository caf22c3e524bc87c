import { oneLine, shorten } from '../lib/text.ts';

/** Kiro's tools by the names of its first and second engine, and the names that rules have for them. */
const TOOLS: Readonly<Record<string, string>> = {
  execute_bash: 'Bash',
  shell: 'Bash',
  fs_write: 'Write',
  write: 'Write',
  fs_read: 'Read',
  read: 'Read',
  grep: 'Grep',
  glob: 'Glob',
  web_fetch: 'WebFetch',
  web_search: 'WebSearch',
};

/** The kinds of a tool call in the Agent Client Protocol, and the names that rules have for such tools. */
const KINDS: Readonly<Record<string, string>> = {
  execute: 'Bash',
  edit: 'Edit',
  read: 'Read',
  search: 'Grep',
  fetch: 'WebFetch',
};

const SUBJECTS = ['path', 'file_path', 'url', 'pattern', 'query'];
/** What the tool that writes is told to do with a file. */
const WRITES = ['create', 'str_replace', 'insert', 'append'];

/** The name that rules have for a tool of Kiro. */
export const toolNamed = (name: string): string => (Object.hasOwn(TOOLS, name) ? TOOLS[name]! : name);

/** A tool call as far as its frames have told of it. */
export type ToolCall = {
  readonly title: string;
  readonly kind: string;
  readonly input: Readonly<Record<string, unknown>>;
};

const isWriting = ({ kind, input }: ToolCall): boolean =>
  kind === 'edit' || (typeof input['path'] === 'string' && WRITES.includes(String(input['command'])));

const toolOf = (call: ToolCall): string => {
  if (isWriting(call)) return input(call, 'command') === 'create' ? 'Write' : 'Edit';
  if (Object.hasOwn(KINDS, call.kind)) return KINDS[call.kind]!;
  if (input(call, 'command') !== undefined) return 'Bash';
  return toolNamed(oneLine(call.title));
};

const input = ({ input: all }: ToolCall, key: string): string | undefined => {
  const value = all[key];
  return typeof value === 'string' ? value : undefined;
};

/** The use of a tool that a call is: which tool, and the command, path or address. Without its input nothing is known for sure. */
export const callUse = (call: ToolCall) => {
  const tool = toolOf(call);
  const keys = tool === 'Bash' ? ['command'] : SUBJECTS;
  const subject = keys.map((key) => input(call, key)).find((value) => value !== undefined);
  return { tool, subject: subject ?? '', whole: subject !== undefined };
};

/** The file that a call writes; undefined for one that writes none. */
export const writtenPath = (call: ToolCall): string | undefined => {
  const path = isWriting(call) ? (input(call, 'path') ?? input(call, 'file_path')) : undefined;
  return path === '' ? undefined : path;
};

/** A tool and what it is used on, in one line. */
export const inWords = ({ tool, subject }: { readonly tool: string; readonly subject: string }): string =>
  shorten(oneLine(subject === '' ? tool : `${tool}: ${subject}`), 200);
