import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Actor, CommandLanguage } from '../../src/commands/define.ts';
import { understand } from '../../src/commands/dispatch.ts';
import type { Reply } from '../../src/ports/swarm.ts';
import { language as whole } from '../fixtures/signatures.ts';
import { personOf } from './context.ts';
import { problemOf, proposalsIn } from './proposals.ts';

const commandOf = (language: CommandLanguage, text: string) => {
  try {
    return understand(language, { text }).command;
  } catch {
    // Refused before anything was done: the answer is an error.
    return undefined;
  }
};

const isRefusal = ({ exit, data, confirm }: Reply): boolean =>
  confirm !== null || (exit !== 0 && typeof data === 'object' && data !== null && 'code' in data);

/** What says again a line that may not be said, cannot be yet, or was only to be read. */
const isEcho = (text: string, { data }: Reply): boolean =>
  text.startsWith('test protocol parse') ||
  ['command/denied', 'command/not-yet'].includes((data as { code?: string } | null)?.code ?? '');

/** What is proposed is understood, allowed to whoever asked, and no more than that. */
const expectProposals = (text: string, reply: Reply, actor: Actor): void => {
  // A page of help or a record speaks of commands; an answer of one line proposes them.
  if (isEcho(text, reply) || reply.message.includes('\n')) return;
  const all = proposalsIn(whole, reply).flatMap((one) => problemOf(whole, one, { text, actor }) ?? []);
  // Whoever did not say which is told how all are meant.
  const problems = reply.exit === 0 ? all : all.filter((one) => !one.includes('does more than'));
  expect(problems, `what "${text}" proposes to ${actor.name}`).toEqual([]);
};

/**
 * The reply, whose data is checked to be what its command says it answers: no more and no less, and whose proposals are
 * checked to be of use: those of its hint alone where no actor is given, as git, tmux and plans speak in the rest.
 */
export const documented = (language: CommandLanguage, text: string, reply: Reply, actor?: Actor): Reply => {
  if (actor) expectProposals(text, reply, actor);
  else expectProposals(text, { ...reply, message: '', text: '' }, personOf('cli', 'admin'));
  const command = isRefusal(reply) ? undefined : commandOf(language, text);
  if (!command?.result) return reply;
  const said = JSON.parse(JSON.stringify(reply.data ?? null)) as unknown;
  const parsed = command.result.safeParse(said);
  expect(parsed.error?.issues, `what "${text}" answers`).toBeUndefined();
  // What expect compares costs a hundred times as much.
  if (!isDeepStrictEqual(parsed.data, said))
    expect(parsed.data, `what "${text}" answers is all documented`).toEqual(said);
  return reply;
};
