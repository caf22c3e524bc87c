import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import type { OutputFormat } from '../../protocol/frame.ts';
import { saidId } from '../../protocol/say.ts';
import { PLAN_FORMATS } from '../../state/specs.ts';
import { planFormat, readPlan, recognised } from '../../tasks/formats/index.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import type { Context } from '../define.ts';
import { planFrom, planName } from './places.ts';

const count = z.number().int();

/** A plan that lies in the repository. */
const foundPlanSchema = z.object({
  path: z.string().describe('From the top of the repository'),
  format: z.enum(PLAN_FORMATS),
  name: z.string(),
  tasks: count,
  done: count,
  imported: z.boolean(),
  problem: z.string().nullable().describe('Why it cannot be imported'),
  command: z.string().describe('What imports it, or says all that is wrong with it'),
});
export type FoundPlan = z.infer<typeof foundPlanSchema>;

export const foundPlansSchema = z.object({ plans: z.array(foundPlanSchema) });

/** Where tools and people keep their plans, below the top of a repository. */
const PLACES = [
  '.kiro/specs/*/tasks.md',
  'specs/*/tasks.md',
  '.specify/specs/*/tasks.md',
  'openspec/changes/*/tasks.md',
  '.taskmaster/tasks/tasks.json',
  'tasks/tasks.json',
  '.beads/*.jsonl',
  'docs/plans/*.md',
  'plans/*.md',
];

/** Lists that people write by hand lie at the top, or with the documents. */
const BY_HAND = ['*.md', 'docs/*.md'];
const HAND_NAMES = /\/(?:tasks?|to-?dos?|plan|roadmap|implementation[-_]plan)\.md$/iu;

const foundFiles = async ({ matching, paths: { root } }: Pick<Context, 'matching' | 'paths'>): Promise<string[]> => {
  const known = await Promise.all(PLACES.map((place) => matching(`${root}/${place}`)));
  const byHand = await Promise.all(BY_HAND.map((place) => matching(`${root}/${place}`)));
  return [...new Set([...known.flat(), ...byHand.flat().filter((file) => HAND_NAMES.test(file))])];
};

/** What a text that is recognised holds; nothing when there is no task in it. */
const contentOf = (
  text: string,
  file: string,
): Pick<FoundPlan, 'format' | 'tasks' | 'done' | 'problem'> | undefined => {
  const format = recognised(file, text);
  if (!format) return undefined;
  try {
    const { plans, done } = readPlan(format, {
      name: planName(file),
      tasksText: text,
      policy: 'kiro',
      barrier: false,
      file,
    });
    return { format: format.id, tasks: plans.length, done: done.length, problem: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { format: format.id, tasks: 0, done: 0, problem: error.message.split('\n')[0]! };
  }
};

const foundPlan = async (context: Context, file: string): Promise<FoundPlan[]> => {
  const path = file.slice(context.paths.root.length + 1);
  let text: string | null;
  try {
    text = await context.readFile(file);
  } catch (error) {
    // What is written otherwise than in UTF-8 can be no offer; importing it says why.
    if (error instanceof AppError) return [];
    throw error;
  }
  const content = text === null ? undefined : contentOf(text, file);
  if (!content) return [];
  const known = planFrom(context.store.state, file);
  const verb = content.problem === null ? 'import' : 'lint';
  return [
    {
      path,
      name: known?.name ?? planName(file),
      imported: known !== undefined,
      ...content,
      command: `${verb} spec ${saidId(path)}`,
    },
  ];
};

/** The plans of the repository, in the order of their places. */
export const findPlans = async (context: Context): Promise<FoundPlan[]> => {
  const files = await foundFiles(context);
  return (await Promise.all(files.map((file) => foundPlan(context, file)))).flat();
};

/** How many there are, and what to do next. */
export const foundText = (found: readonly FoundPlan[]): string => {
  const open = found.filter(({ imported, problem }) => !imported && problem === null);
  if (found.length === 0)
    return 'No plan was found here. Name one: import spec PATH; or create tasks: create task "…".';
  const [first] = open;
  return `${plural(found.length, 'plan')} found, ${found.filter(({ imported }) => imported).length} imported.${first ? ` For example: ${first.command}` : ''}`;
};

export const drawFound = (found: readonly FoundPlan[], view: OutputFormat, message: string): string =>
  found.length === 0
    ? message
    : drawTable(
        {
          head: ['plan', 'format', 'done', 'say'],
          rows: found.map((plan) => [
            { text: plan.path },
            { text: planFormat(plan.format).label },
            plan.problem === null ? { text: `${plan.done}/${plan.tasks}` } : { text: '–', tone: 'bad' as const },
            plan.imported ? { text: `imported as ${plan.name}`, tone: 'dim' as const } : { text: plan.command },
          ]),
          empty: message,
        },
        view,
      );
