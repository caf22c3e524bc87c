import { z } from 'zod';

const text = z.string().catch('');
const record = z.record(z.string(), z.unknown());

const message = z.object({
  id: z.union([z.string(), z.number()]).optional().catch(undefined),
  method: z.string().optional().catch(undefined),
  params: record.catch({}),
  result: record.optional().catch(undefined),
  error: z.object({ message: text, data: z.unknown().optional() }).optional().catch(undefined),
});
const frame = z.looseObject({ ts: z.number().catch(0), dir: z.enum(['out', 'in']), msg: z.unknown() });

const toolCall = z.looseObject({
  toolCallId: text,
  title: text,
  kind: text,
  status: text,
  rawInput: record.catch({}),
});
/** A tool call as one frame tells of it; the frames after the first may leave things out. */
export type ToldCall = z.infer<typeof toolCall>;

const permission = z.looseObject({
  sessionId: text,
  toolCall,
  options: z.array(z.looseObject({ optionId: text, name: text, kind: text })).catch([]),
});
/** A request for a permission, or a question. */
export type Permission = z.infer<typeof permission>;

const update = toolCall.extend({ sessionUpdate: text, content: z.looseObject({ text }).catch({ text: '' }) });
/** What the engine tells of a session while it works. */
export type Update = z.infer<typeof update>;

/** A frame that Kiro's interface sent to its engine (`out`) or got from it (`in`), at a time in milliseconds since 1970. */
export type Frame = Omit<z.infer<typeof message>, 'id'> & {
  readonly at: number;
  readonly dir: 'out' | 'in';
  /** What tells requests apart, and joins an answer to its own. */
  readonly key: string;
  /** The session that it is about; empty where it names none. */
  readonly session: string;
};

const json = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** The frame that a line holds; some versions wrote its message as a text that holds JSON. */
export const frameOf = (line: string): Frame | undefined => {
  const found = frame.safeParse(json(line));
  if (!found.success) return undefined;
  const { ts: at, dir, msg } = found.data;
  const said = message.safeParse(typeof msg === 'string' ? json(msg) : msg);
  if (!said.success) return undefined;
  const { id, ...rest } = said.data;
  const session = rest.params['sessionId'];
  return { at, dir, ...rest, key: JSON.stringify(id) ?? '', session: typeof session === 'string' ? session : '' };
};

/** The request that the parameters of a frame hold. */
export const permissionOf = ({ params }: Frame): Permission | undefined => permission.safeParse(params).data;

/** What the parameters of a frame tell of a session. */
export const updateOf = ({ params }: Frame): Update | undefined => update.safeParse(params['update'] ?? params).data;
