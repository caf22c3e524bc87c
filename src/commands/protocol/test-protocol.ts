import { z } from 'zod';
import { structuredActionSchema } from '../../protocol/action.ts';
import { parse } from '../../protocol/parse.ts';
import { say } from '../../protocol/say.ts';
import type { Language } from '../../protocol/vocabulary.ts';
import { ROLES } from '../../protocol/signature.ts';
import { defineCommand, mayAsk } from '../define.ts';

const parsedOf = (text: string, language: Language) => {
  const parsed = parse(text, language);
  if (parsed.ok) return parsed;
  throw parsed.error;
};

export const testProtocol = defineCommand({
  verb: 'test',
  noun: 'protocol',
  summary: 'Show how a command text is understood; nothing runs',
  example: 'test protocol parse "run task abc beast mode"',
  role: 'viewer',
  modifiers: [],
  target: 'none',
  text: 'text',
  reads: true,
  params: z.object({ op: z.literal('parse').default('parse'), text: z.string() }),
  result: structuredActionSchema.pick({ verb: true, noun: true, modifiers: true, parameters: true }).extend({
    says: z.string().describe('The same in its own words'),
    available: z.boolean(),
    phase: z.number().int(),
    role: z.enum(ROLES).nullable(),
    destructive: z.boolean(),
  }),
  refuses: ({ language }, { text }) => void (language && parsedOf(text, language)),
  run: async ({ language }, { text }) => {
    const parsed = parsedOf(text, language);
    const { meaning, signature } = parsed;
    const command = language.commands.find((one) => one.verb === meaning.verb && one.noun === meaning.noun);
    const data = {
      ...meaning,
      says: say(meaning),
      available: command !== undefined,
      phase: signature.phase,
      role: command?.role ?? null,
      destructive: command !== undefined && mayAsk(command),
    };
    const parts = [
      `verb ${meaning.verb}, noun ${meaning.noun}`,
      `modifiers ${meaning.modifiers.join(' ') || 'none'}`,
      `parameters ${
        Object.entries(meaning.parameters)
          .map(([key, value]) => `${key}=${String(value)}`)
          .join(' ') || 'none'
      }`,
      data.available ? `role ${data.role}` : `not available until phase ${data.phase}`,
    ];
    return { message: parts.join('; '), data };
  },
});
