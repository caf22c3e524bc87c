import { z } from 'zod';
import { AppError, adviceOf } from '../../lib/errors.ts';
import { ROLES } from '../../protocol/signature.ts';
import { type CommandLanguage, type Context, defineCommand } from '../define.ts';
import { authorise, lossOf, plainLoss, targetsOf, type Understood, understand } from '../dispatch.ts';
import { badParameter } from '../errors.ts';
import { namingWorkers } from '../tasks/real-workers.ts';

/** Why a command is refused as things stand, and what helps; null where nothing speaks against it. */
const refusalOf = async (context: Context, { command, params, meaning }: Understood): Promise<string | null> => {
  try {
    command.refuses?.({ state: context.store.state, settings: context.settings }, params as never, meaning.modifiers);
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return adviceOf(await namingWorkers(error, () => context.agents.workers()));
  }
};

const meantBy = (language: CommandLanguage, text: string): Understood => {
  if (text.trim() === '') throw badParameter({ command: 'preview', key: 'command', issue: 'say which command' });
  return understand(language, { text });
};

export const previewCommand = defineCommand({
  verb: 'preview',
  noun: 'command',
  summary: 'Show what a command would do, to whom, without doing it',
  example: 'preview stop all running threads',
  role: 'viewer',
  modifiers: [],
  target: 'none',
  text: 'text',
  reads: true,
  params: z.object({ text: z.string() }),
  result: z.object({
    command: z.string().describe('The command in its own words'),
    summary: z.string(),
    role: z.enum(ROLES),
    targets: z.array(z.string()),
    effects: z.string().nullable().describe('What it does beside answering; null when it only reads'),
    notice: z.string().nullable().describe('What else is to be known before'),
    refused: z.string().nullable().describe('Why it is refused as things stand, as far as that is known before'),
    loses: z.string().nullable().describe('What it asks about first'),
    confirms: z.boolean(),
  }),
  refuses: (standing, { text }) => {
    const { language } = standing;
    const understood = language && meantBy(language, text);
    if (understood === undefined) return;
    plainLoss(standing.state, understood);
    targetsOf(standing, understood, undefined);
  },
  // What it reads of files before it asks may refuse it.
  unsure: ({ language }, { text }) => language === undefined || meantBy(language, text).command.asks !== undefined,
  run: async (context, { text }) => {
    const understood = meantBy(context.language, text);
    const { command, meaning, said } = understood;
    authorise(context.actor, command, meaning.modifiers);
    const loss = await lossOf(context, understood);
    const targets = targetsOf({ state: context.store.state, settings: context.settings }, understood, loss);
    const refused = await refusalOf(context, understood);
    const notice = await command.notice?.(context, understood.params as never, meaning.modifiers);
    const data = {
      command: said,
      summary: command.summary,
      role: command.role,
      targets,
      effects: command.effects ?? null,
      notice: notice ?? null,
      refused,
      loses: loss?.loses ?? null,
      confirms: loss !== undefined,
    };
    const lines = [
      `${said}: ${command.summary}.`,
      ...(targets.length > 0 ? [`targets: ${targets.join(', ')}`] : []),
      command.effects === undefined ? 'reads only.' : `side effects: ${command.effects}.`,
      ...(notice === undefined ? [] : [`note: ${notice}`]),
      ...(refused === null ? [] : [`refused now: ${refused}`]),
      ...(loss ? [`asks first: ${loss.loses}`] : []),
    ];
    return { message: lines.join('\n'), data };
  },
});
