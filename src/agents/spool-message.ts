import { z } from 'zod';

const header = z.object({
  instance: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/u),
  source: z.enum(['hook', 'tmux', 'report']),
  token: z
    .string()
    .nullish()
    .transform((token) => token || null),
  ask: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*\.ask$/u)
    .optional()
    .catch(undefined),
});
const complete = header.extend({ body: z.unknown() });

/** What a spool file says: who left it, by which way, and the JSON that was left. */
export type SpoolMessage = {
  readonly instance: string;
  readonly source: 'hook' | 'tmux' | 'report';
  readonly token: string | null;
  readonly body: unknown;
  /** The pipe beside the file at which the hook waits for an answer. */
  readonly ask?: string | undefined;
};

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What can be read of a body that `assets/hook.sh` has cut: event and conversation stand near the beginning. */
const salvage = (text: string): unknown => {
  const field = (name: string) =>
    new RegExp(`"${name}"\\s*:\\s*"(?<value>[\\w-]+)"`, 'u').exec(text)?.groups?.['value'];
  const event = text.trimStart().startsWith('{') ? field('hook_event_name') : undefined;
  return event && { hook_event_name: event, session_id: field('session_id'), tool_name: field('tool_name'), cut: true };
};

/** The end that `assets/hook.sh` gives to a file: no JSON has a line like that. */
const END = '\n.\n';

/** Whether `assets/hook.sh` has written a file to its end. */
export const isWhole = (text: string): boolean => text.endsWith(END);

/**
 * Reads a spool file: either one JSON object with a `body`, or a header line and the body as the hook got it.
 * Undefined when it is neither, so that whoever reads can throw it away.
 */
export const parseSpoolFile = (file: string): SpoolMessage | undefined => {
  const text = isWhole(file) ? file.slice(0, -END.length) : file;
  const message = complete.safeParse(json(text));
  if (message.success && message.data.body !== undefined) return { ...message.data, body: message.data.body };
  const end = text.indexOf('\n');
  if (end < 0) return undefined;
  const head = header.safeParse(json(text.slice(0, end)));
  const rest = text.slice(end + 1);
  const whole = json(rest);
  const body = whole === undefined ? salvage(rest) : whole;
  return head.success && body !== undefined ? { ...head.data, body } : undefined;
};
