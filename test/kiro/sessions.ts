import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { home } from './agents.ts';
import type { Message } from './model.ts';
import { recorder } from './recorder.ts';

/** The conversation of this program. */
export const session = { id: '', agent: '', messages: [] as Message[] };

const fileOf = (engine: string, id: string): string => {
  const hash = createHash('sha256').update(process.cwd()).digest('hex').slice(0, 12);
  return join(home, engine === 'v3' ? `sessions/${hash}/${id}/session.json` : `sessions/cli/${id}.json`);
};

/** Writes the conversation down, with its agent, which comes back with it. */
export const saveSession = (engine: string): void => {
  const file = fileOf(engine, session.id);
  mkdirSync(dirname(file), { recursive: true });
  const state = { session_id: session.id, cwd: process.cwd(), session_state: { agent_name: session.agent } };
  writeFileSync(file, JSON.stringify({ ...state, messages: session.messages }));
};

/** Begins a conversation. */
export const newSession = (engine: string, agent: string): void => {
  const id = recorder.request('session/new', { cwd: process.cwd(), mcpServers: [] });
  Object.assign(session, { id: engine === 'v3' ? `sess_${randomUUID()}` : randomUUID(), agent, messages: [] });
  recorder.result(id, { sessionId: session.id });
  saveSession(engine);
};

/** Goes on with a conversation of this engine; false where there is none of that id. */
export const loadSession = (engine: string, wanted: string): boolean => {
  const file = fileOf(engine, wanted);
  if (!existsSync(file)) return false;
  const id = recorder.request('session/load', { sessionId: wanted, cwd: process.cwd(), mcpServers: [] });
  const saved = JSON.parse(readFileSync(file, 'utf8')) as {
    session_state: { agent_name: string };
    messages: Message[];
  };
  Object.assign(session, { id: wanted, agent: saved.session_state.agent_name, messages: saved.messages });
  recorder.result(id, {});
  return true;
};
