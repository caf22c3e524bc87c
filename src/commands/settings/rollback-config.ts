import { z } from 'zod';
import { visible } from '../../lib/text.ts';
import { powerLines, withheldKeys, withheldSentence } from '../../text/trust-rows.ts';
import { begunBefore, noteBegun } from '../begun.ts';
import { type Context, defineCommand, type Loss, type Restorable } from '../define.ts';
import { nothingToDo } from '../errors.ts';

const params = z.object({
  version: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Which version; without one, that before the last change'),
  hash: z
    .string()
    .optional()
    .describe('What the version can run or allow is trusted, by the name the question gives it'),
});

const restorable = async (
  { configuration, settingHistory }: Context,
  version: number | undefined,
): Promise<Restorable> => {
  const found = await settingHistory.inspect(version);
  if (found) return found;
  throw nothingToDo({
    message: `There is no version of ${configuration.files.project} to go back to.`,
    hint: 'Versions are kept of what is changed by commands: drover config history',
  });
};

/** What is shown before something that is not trusted now comes back: all that it can run or allow. */
const questionFor = (file: string, { version, withheld }: Restorable): Loss | undefined =>
  withheld && {
    targets: withheldKeys(withheld),
    loses: [
      `Version ${version} of ${visible(file)} would run or allow this, and that is not what you trust now:`,
      ...powerLines(withheld.trusted, withheld.asked),
      'Go back to it, and trust it?',
    ].join('\n'),
    asOf: `${version} ${withheld.hash}`,
    consent: `Read it. If it may do that: drover config rollback ${version} --trust ${withheld.hash}`,
  };

/** The version and the hash that somebody has read and agreed to. */
const agreedIn = (asOf: string | undefined): { readonly version?: number; readonly hash?: string } => {
  const [version, hash] = asOf?.split(' ') ?? [];
  return { ...(version === undefined ? {} : { version: Number(version) }), ...(hash === undefined ? {} : { hash }) };
};

export const rollbackConfig = defineCommand({
  verb: 'rollback',
  noun: 'config',
  summary: 'Make the repository’s file of settings what it was at a version, byte for byte; that is a version again',
  example: 'rollback config version=3',
  role: 'admin',
  modifiers: [],
  target: 'none',
  reads: false,
  effects: 'writes .drover/config.json; the daemon follows',
  params,
  result: z.object({
    file: z.string(),
    version: z.number().int().describe('The version that was gone back to'),
    changed: z.boolean(),
    untrusted: z.array(z.string()).describe('Settings of it that are off until they are trusted'),
  }),
  asks: async (context, { version, hash }) =>
    hash === undefined
      ? questionFor(context.configuration.files.project, await restorable(context, version))
      : undefined,
  foresees: (_standing, { hash }) => (hash === undefined ? 'may ask' : undefined),
  unsure: () => true,
  run: async (context, input, _modifiers, asked) => {
    const { configuration, settingHistory, trust } = context;
    const file = configuration.files.project;
    // Once gone back, the version before the last change is another one.
    const before = begunBefore(context)?.get(file);
    const agreed = agreedIn(before ?? asked?.asOf);
    const version = agreed.version ?? (await restorable(context, input.version)).version;
    const hash = input.hash ?? agreed.hash;
    await noteBegun(context, { [file]: [version, ...(hash === undefined ? [] : [hash])].join(' ') });
    const changed = (await settingHistory.restore(version, hash)) || before !== undefined;
    const withheld = await trust.review();
    const said = changed
      ? `${file} is what it was at version ${version}.`
      : `${file} is at version ${version} already.`;
    return {
      message: withheld ? `${said} ${withheldSentence(file, withheld)}` : said,
      data: { file, version, changed, untrusted: withheld ? [...withheldKeys(withheld)] : [] },
      sideEffects: changed ? [`${file} written`] : [],
    };
  },
});
