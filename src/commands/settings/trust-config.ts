import { z } from 'zod';
import type { Withheld } from '../../state/setting-layers.ts';
import { trustCommand, trustQuestion, withheldKeys } from '../../text/trust-rows.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand, type Loss } from '../define.ts';

const questionFor = (file: string, withheld: Withheld): Loss => ({
  targets: withheldKeys(withheld),
  loses: trustQuestion(file, withheld),
  asOf: withheld.hash,
  consent: `Read it. If it may do that: ${trustCommand(withheld)}`,
});

/** Whoever names what is trusted has read it; everybody else is shown it and asked. */
const lossOf = async ({ trust, configuration }: Context, hash: string | undefined): Promise<Loss | undefined> => {
  if (hash !== undefined) return undefined;
  const withheld = await trust.review();
  return withheld && questionFor(configuration.files.project, withheld);
};

export const trustConfig = defineCommand({
  verb: 'trust',
  noun: 'config',
  summary: 'Let the repository’s file run and allow what it says, after it was shown; until it changes',
  example: 'trust config',
  role: 'admin',
  modifiers: [],
  target: 'none',
  reads: false,
  effects: 'remembers, outside of the repository, what was trusted; it holds at once',
  params: z.object({ hash: z.string().optional().describe('What is trusted, by the name that the question gives it') }),
  result: z.object({
    file: z.string(),
    hash: z.string().nullable().describe('Names what holds now; null when there was nothing to trust'),
    settings: z.array(z.string()).describe('The settings that hold now and did not before'),
  }),
  asks: (context, { hash }) => lossOf(context, hash),
  foresees: (_standing, { hash }) => (hash === undefined ? 'may ask' : undefined),
  unsure: (_standing, { hash }) => hash !== undefined,
  run: async ({ trust, configuration }, { hash: said }) => {
    const file = configuration.files.project;
    const withheld = await trust.review();
    const hash = said ?? withheld?.hash;
    if (hash === undefined)
      return { message: `All that ${file} says holds already.`, data: { file, hash: null, settings: [] } };
    await trust.accept(hash);
    const settings = withheld ? [...withheldKeys(withheld)] : [];
    const changed = settings.length === 0 ? 'All of it held already' : `${plural(settings.length, 'setting')} changed`;
    const restart = settings.includes('tmux.socket') ? ' tmux.socket holds when the daemon is started again.' : '';
    return {
      message: `${file} is trusted as it is now. ${changed}.${restart}`,
      data: { file, hash, settings },
      sideEffects: ['what you trust is written down'],
    };
  },
});
