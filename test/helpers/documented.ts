import { expect } from 'vitest';
import type { CommandLanguage } from '../../src/commands/define.ts';
import { understand } from '../../src/commands/dispatch.ts';
import type { Reply } from '../../src/ports/swarm.ts';

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

/** The reply, whose data is checked to be what its command says it answers: no more and no less. */
export const documented = (language: CommandLanguage, text: string, reply: Reply): Reply => {
  const command = isRefusal(reply) ? undefined : commandOf(language, text);
  if (!command?.result) return reply;
  const said = JSON.parse(JSON.stringify(reply.data ?? null)) as unknown;
  const parsed = command.result.safeParse(said);
  expect(parsed.error?.issues, `what "${text}" answers`).toBeUndefined();
  expect(parsed.data, `what "${text}" answers is all documented`).toEqual(said);
  return reply;
};
