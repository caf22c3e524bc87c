import { z } from 'zod';
import { importOf } from '../../attention/spec-places.ts';
import { AppError } from '../../lib/errors.ts';
import type { OutputFormat } from '../../protocol/frame.ts';
import { saidId } from '../../protocol/say.ts';
import { PLAN_FORMATS } from '../../state/specs.ts';
import { isOffer, planContent, planFiles } from '../../tasks/formats/found-plans.ts';
import { planFormat } from '../../tasks/formats/index.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import type { Context } from '../define.ts';
import { planName } from '../../tasks/formats/plan-file.ts';
import { planFrom } from './places.ts';

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
  const content = text === null ? undefined : planContent(text, file);
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
  const files = await planFiles(context.paths.root, context.matching);
  return (await Promise.all(files.map((file) => foundPlan(context, file)))).flat();
};

/** The commands that import what is not imported yet, and of which something is to be done. */
export const plansToImport = async (context: Context): Promise<readonly string[]> =>
  (await findPlans(context)).filter((plan) => !plan.imported && isOffer(plan)).map(({ path }) => importOf(path));

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
