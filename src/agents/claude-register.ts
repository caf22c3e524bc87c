import { z } from 'zod';
import { oneLine, shorten } from '../lib/text.ts';
import type { Register, RegisterEntry, Signal } from './adapter.ts';

const entrySchema = z.object({
  pid: z.number().int().positive(),
  sessionId: z.string().min(1),
  status: z.enum(['busy', 'idle', 'waiting', 'shell']),
  statusUpdatedAt: z.number().nonnegative(),
  waitingFor: z.string().catch(''),
  tmux: z.string().catch(''),
});
type Entry = z.infer<typeof entrySchema>;

const waiting = (what: string): Signal => ({
  kind: 'waiting',
  question: what === 'dialog open' || what === '' ? 'a dialog is open in its terminal' : shorten(oneLine(what), 200),
  attach: true,
});

/** The dialogs of Claude Code that a hook tells of as well, by the words of its register: the others fire none. */
const HOOKED = ['permission prompt', 'input needed'];

const signalOf = ({ status, waitingFor }: Entry): Signal => {
  if (status === 'waiting') return waiting(waitingFor);
  if (status === 'idle') return { kind: 'rests' };
  if (status === 'shell') return { kind: 'working', note: 'in the background: a command', background: true };
  return { kind: 'working', note: 'at work' };
};

const read = (text: string): RegisterEntry | undefined => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const entry = entrySchema.safeParse(json);
  if (!entry.success) return undefined;
  const { sessionId, pid, tmux, statusUpdatedAt } = entry.data;
  return {
    conversation: sessionId,
    pid,
    pane: /%\d+$/u.exec(tmux)?.[0] ?? null,
    at: statusUpdatedAt,
    signal: signalOf(entry.data),
    ...(entry.data.status === 'waiting' && HOOKED.includes(entry.data.waitingFor) ? { hooked: true } : {}),
  };
};

/**
 * Claude Code's list of its own running sessions, `<pid>.json` each. Escape, a refusal in its terminal and its own dialogs
 * fire no hook: only the register tells of them.
 */
export const claudeRegister: Register = {
  folder: (env) => `${env['CLAUDE_CONFIG_DIR'] || `${env['HOME'] ?? ''}/.claude`}/sessions`,
  file: /^\d+\.json$/u,
  read,
};
