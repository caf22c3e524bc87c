import { z } from 'zod';
import { adapterFor, agentNames } from '../../agents/index.ts';
import { untrusted } from '../../state/errors.ts';
import { defineCommand } from '../define.ts';
import { notFound } from '../errors.ts';
import { idsParam, requireOne } from '../selection.ts';
import { foundAgentSchema } from './list-adapter.ts';

const dataSchema = foundAgentSchema.extend({
  prompt: z.enum(['typed', 'argument']).describe('How a task reaches it'),
  follows: z.enum(['hooks', 'screen', 'exit']).describe('How it is known what it does'),
});
type Data = z.infer<typeof dataSchema>;

const FOLLOWS: Readonly<Record<Data['follows'], string>> = {
  hooks: 'it tells by itself, through hooks',
  screen: 'its screen is read, which is a guess',
  exit: 'its output and its exit are all that is known of it',
};

export const showAdapter = defineCommand({
  verb: 'show',
  noun: 'adapter',
  summary: 'One agent that can be launched: its program, how a task reaches it, how it is followed',
  example: 'show adapter rehearsal',
  role: 'viewer',
  modifiers: ['detailed'],
  aloud: ['detailed'],
  target: 'required',
  one: 'adapter',
  reads: true,
  params: z.object({ id: idsParam.describe('Its name') }),
  result: dataSchema,
  names: 'settings',
  // Those of a file that nobody has trusted are known as well.
  unsure: ({ settings }, { id }) => id.some((name) => !agentNames(settings).includes(name)),
  run: async (context, { id }) => {
    const { agents, settings } = context;
    const name = requireOne(id, 'adapter');
    const all = await agents.found();
    const one = all.find(({ agent }) => agent === name);
    if (!one) throw notFound({ noun: 'adapter', id: name, known: all.map(({ agent }) => agent) });
    if (one.untrusted && one.program === '')
      throw untrusted({ what: `The agent "${name}"`, file: context.configuration.files.project });
    const { prompt, hooks, readScreen } = adapterFor(name, settings);
    const follows = hooks ? 'hooks' : readScreen ? 'screen' : 'exit';
    const lines = [
      `${one.agent}: ${one.title}${one.version === null ? '' : `, ${one.version}`}`,
      `program:   ${one.program}, ${one.found ? 'installed' : `not installed: ${one.install}`}`,
      `task:      ${prompt === 'typed' ? 'typed into its terminal' : 'given as an argument of a new start'}`,
      `followed:  ${FOLLOWS[follows]}`,
      ...(one.untrusted
        ? [`off:       what ${context.configuration.files.project} says of it, until it is trusted: drover trust`]
        : []),
    ];
    return { message: lines.join('\n'), data: { ...one, prompt, follows } satisfies Data };
  },
});
