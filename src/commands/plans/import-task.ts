import { createHash } from 'node:crypto';
import { z } from 'zod';
import { shownLine, visible } from '../../lib/text.ts';
import type { EventDraft } from '../../state/index.ts';
import { POLICIES } from '../../state/specs.ts';
import { type ItemFacts, itemFacts } from '../../tasks/items/import-items.ts';
import type { Mistake, ReadItems } from '../../tasks/items/item.ts';
import { FORMATS, formatOf, itemsIn } from '../../tasks/items/read-items.ts';
import { commandLines } from '../../text/trust-rows.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand, type Loss, type Outcome } from '../define.ts';
import { changedMeanwhile, nothingToDo } from '../errors.ts';
import { idsParam, requireOne } from '../selection.ts';
import { absolute, textAt } from './places.ts';

const params = z.object({
  id: idsParam.describe('A file, or - for what is given to the command on its standard input'),
  format: z.enum(FORMATS).optional().describe('How it is written; default: as its name and its look say'),
  policy: z.enum(POLICIES).default('none').describe('What depends on what in a check list that does not say'),
  group: z.coerce.string().optional().describe('The part of the plan that all of them get'),
});

type Input = z.infer<typeof params>;

const noteSchema = z.object({ line: z.number().int(), message: z.string() });
const dataSchema = z.object({
  file: z.string(),
  format: z.enum(FORMATS),
  tasks: z.number().int().describe('How many the file holds'),
  done: z.number().int().describe('Of which it says that they are done'),
  created: z.array(z.string()),
  edited: z.array(z.string()),
  unchanged: z.number().int(),
  recorded: z.boolean(),
  warnings: z.array(noteSchema),
  mistakes: z.array(noteSchema.extend({ file: z.string(), fix: z.string() })),
});
type Data = z.infer<typeof dataSchema>;

/** The text to be imported and how it is called. */
const sourceOf = async (context: Context, path: string): Promise<{ file: string; text: string }> => {
  if (path !== '-') {
    const file = absolute(context, path);
    return { file, text: await textAt(context, file) };
  }
  if (context.input === undefined)
    throw nothingToDo({
      message: 'Nothing was given on the standard input.',
      hint: 'In a shell: drover tasks import - < FILE. Here, name a file.',
    });
  return { file: 'stdin', text: context.input };
};

const SHOWN = 20;

const refused = (data: Data): Outcome => {
  const { file, mistakes } = data;
  const lines = mistakes.slice(0, SHOWN).map((one) => `${one.file}:${one.line}: ${shownLine(one.message)}. ${one.fix}`);
  const more = mistakes.length > SHOWN ? [`… and ${mistakes.length - SHOWN} more.`] : [];
  const head = `${file} has ${plural(mistakes.length, 'mistake')}, and nothing was imported:`;
  return { message: [head, ...lines, ...more].join('\n'), data, exit: 2 };
};

const sentence = (data: Data): string => {
  const { tasks, done, created, edited, unchanged, recorded, warnings } = data;
  const what = `${plural(tasks, 'task')}, ${done} done; ${created.length} new, ${edited.length} changed, ${unchanged} as before`;
  const notes = warnings.slice(0, 3).map(({ line, message }) => `line ${line}: ${shownLine(message)}`);
  const warned = warnings.length === 0 ? '' : ` ${plural(warnings.length, 'warning')}: ${notes.join('; ')}.`;
  return `${what}${recorded ? '' : ' (nothing is recorded)'}.${warned}`;
};

type Given = {
  readonly file: string;
  readonly text: string;
  readonly format: Data['format'];
  readonly read: ReadItems;
  readonly dry: boolean;
};

const dataOf = ({ file, format, read, dry }: Given, facts: Omit<ItemFacts, 'drafts'>): Data => {
  const mistakes = [...read.mistakes, ...facts.mistakes].map((one: Mistake) => ({ ...one, file }));
  return {
    file,
    format,
    tasks: read.items.length,
    done: facts.done,
    created: [...facts.created],
    edited: [...facts.edited],
    unchanged: facts.unchanged,
    recorded: !dry && mistakes.length === 0,
    warnings: [...read.warnings, ...facts.warnings].toSorted((a, b) => a.line - b.line),
    mistakes,
  };
};

const NONE: Mistake = {
  line: 1,
  message: 'there are no tasks in it',
  fix: 'A task is a line like `- [ ] Build the parser`, a JSON object with a title, or a row below a column title.',
};

/** The commands that a file brings along and that are not known at these tasks. */
const checksIn = (drafts: readonly EventDraft[]): readonly { readonly task: string; readonly check: string }[] =>
  drafts.flatMap((draft) => {
    const [task, check] =
      draft.type === 'task.created'
        ? [draft.data.task.id, draft.data.task.check]
        : draft.type === 'task.edited'
          ? [draft.data.id, draft.data.changes.check]
          : [];
    return task !== undefined && check ? [{ task, check }] : [];
  });

/** What is asked before commands of a file are taken over: each in full, because it will be run. */
const questionFor = ({ file, text }: Pick<Given, 'file' | 'text'>, drafts: readonly EventDraft[]): Loss | undefined => {
  const checks = checksIn(drafts);
  if (checks.length === 0) return undefined;
  const lines = checks.flatMap(({ task, check }) => commandLines(`  ${visible(task)}`, check));
  return {
    targets: checks.map(({ task }) => task),
    loses: [
      `${visible(file)} brings ${plural(checks.length, 'command')} that will be run to check what is done:`,
      ...lines,
      'Import it with them?',
    ].join('\n'),
    asOf: createHash('sha256')
      .update(JSON.stringify([text, checks]))
      .digest('hex'),
  };
};

/** Commands are taken over only as they were asked about: the file, or what is known of its tasks, may have changed since. */
const assertAsked = (given: Given, drafts: readonly EventDraft[], asked: Loss | undefined): void => {
  const question = questionFor(given, drafts);
  if (question !== undefined && question.asOf !== asked?.asOf) throw changedMeanwhile({ what: given.file });
};

/** What a file says, and what would be recorded of it. */
const readSource = async (
  context: Context,
  { id, format: wanted, policy, group }: Input,
  modifiers: readonly string[],
) => {
  const { file, text } = await sourceOf(context, requireOne(id, 'file'));
  const format = wanted ?? formatOf(file, text);
  const found = itemsIn(text, format, policy);
  const empty = found.items.length === 0 && found.mistakes.length === 0;
  const read = empty ? { ...found, mistakes: [NONE] } : found;
  const given: Given = { file, text, format, read, dry: modifiers.includes('dry-run') };
  return { given, facts: itemFacts(context.store.state, read.items, group) };
};

export const importTask = defineCommand({
  verb: 'import',
  noun: 'task',
  summary: 'Read tasks from a check list (Markdown), JSON, JSON lines or CSV; again to take over changes',
  example: 'import task todo.md',
  role: 'operator',
  modifiers: ['dry-run'],
  target: 'required',
  one: 'file',
  names: 'files',
  reads: false,
  effects: 'records the tasks of the list, or what has changed in them',
  params,
  result: dataSchema,
  asks: async (context, input, modifiers) => {
    const { given, facts } = await readSource(context, input, modifiers);
    return given.dry || dataOf(given, facts).mistakes.length > 0 ? undefined : questionFor(given, facts.drafts);
  },
  foresees: (_standing, _input, modifiers) => (modifiers.includes('dry-run') ? undefined : 'may ask'),
  run: async (context, input, modifiers, asked) => {
    const { given, facts: first } = await readSource(context, input, modifiers);
    let facts = first;
    const before = dataOf(given, facts);
    if (before.mistakes.length > 0) return refused(before);
    if (!given.dry)
      await context.decide((state) => {
        facts = itemFacts(state, given.read.items, input.group);
        if (facts.mistakes.length === 0) assertAsked(given, facts.drafts, asked);
        return facts.drafts;
      });
    const data = dataOf(given, facts);
    if (data.mistakes.length > 0) return refused(data);
    const checks = checksIn(facts.drafts).flatMap(({ task, check }) =>
      commandLines(`  ${visible(task)} is checked by`, check),
    );
    return { message: [sentence(data), ...checks].join('\n'), data };
  },
});
