import { expect, test } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { parse } from '../../src/protocol/parse.ts';
import { language } from '../fixtures/signatures.ts';
import { openDesk } from '../helpers/desk.ts';
import { created } from '../tasks/journal.ts';

/** What stands in a hint behind its last colon. */
const proposed = (hint: string | null): string => /: (?<line>[^:]*)$/u.exec(hint ?? '')?.groups?.['line'] ?? '';

test.each(['show result "ready"', 'return task "ready"', 'show failure "ready"'])(
  'what "%s" proposes for a task that is called like a word stands without quotes around it, and is understood',
  async (line) => {
    const desk = openDesk(commands, [created('ready')]);
    const { hint } = await desk.say(line);
    expect([hint, parse(proposed(hint), language)]).toMatchObject([
      expect.stringMatching(/: [a-z]+ task "ready"$/u),
      { ok: true, meaning: { parameters: { id: 'ready' } } },
    ]);
  },
);
