import { z } from 'zod';
import { someOf } from '../lib/names.ts';
import { reducer } from './reducer.ts';

export const SIDES = ['ours', 'theirs', 'union'] as const;
/** What a person may choose for what two branches changed differently: what is merged already, the branch, or both. */
export type Side = (typeof SIDES)[number];

const lines = z.array(z.string());

const hunk = z.object({
  line: z.number().int().describe('Where it begins in the file as it is merged already'),
  before: lines.describe('A few lines above it'),
  base: lines.describe('What both sides began with'),
  ours: lines.describe('What is merged already'),
  theirs: lines.describe('What the branch has'),
  after: lines.describe('A few lines below it'),
});

/** A file that two works changed in different ways, with its places. */
export const examinedFileSchema = z.object({
  path: z.string(),
  solved: z.boolean(),
  how: z.string().describe('How it is resolved, or why nothing resolves it'),
  lines: z.number().int().describe('So many lines are not decided; 0 where it is not about lines'),
  hunks: z.array(hunk).describe('The first of the places that are not decided, long ones cut'),
  memory: z.string().optional().describe('The key of what was remembered of the same conflict, and used'),
});

export const conflictRecordSchema = z.object({
  id: z.string(),
  batch: z.string(),
  task: z.string(),
  ours: z.string().describe('The commit that the batch had come to'),
  theirs: z.string().describe('The verified commit of the task'),
  with: z.array(z.string()).describe('The merged tasks that changed the same'),
  files: z.array(examinedFileSchema),
  note: z.string().nullable().describe('What there is to say beside the files'),
  at: z.string(),
  remembered: z
    .array(z.object({ path: z.string(), key: z.string() }))
    .optional()
    .describe('What somebody made of it in the end, which is used again for the same conflict'),
});
/** A merge that git alone could not make, and what was made of it. */
export type ConflictRecord = z.infer<typeof conflictRecordSchema>;
export type ConflictFile = ConflictRecord['files'][number];
export type ConflictRecords = Readonly<Record<string, ConflictRecord>>;

export const conflictRecordEvents = {
  'conflict.examined': conflictRecordSchema.omit({ id: true, at: true, remembered: true }),
  'conflict.remembered': z.object({
    batch: z.string(),
    task: z.string(),
    files: z.array(z.object({ path: z.string(), key: z.string() })),
  }),
  'conflict.forgotten': z.object({ keys: z.array(z.string()) }),
};

/** The id under which the conflict of a task in a batch is known. */
export const conflictId = (batch: string, task: string): string => `${batch}/${task}`;

/** Beyond so many the oldest are forgotten: the journal still has them. */
const KEPT = 200;

export const reduceConflicts = reducer<ConflictRecords, typeof conflictRecordEvents>({
  'conflict.examined': (all, data, at) => {
    const id = conflictId(data.batch, data.task);
    const { [id]: _before, ...others } = all;
    return { ...Object.fromEntries(Object.entries(others).slice(1 - KEPT)), [id]: { ...data, id, at } };
  },
  'conflict.remembered': (all, { batch, task, files }) => {
    const id = conflictId(batch, task);
    const record = Object.hasOwn(all, id) ? all[id] : undefined;
    return record ? { ...all, [id]: { ...record, remembered: files } } : all;
  },
  'conflict.forgotten': (all, { keys }) =>
    Object.fromEntries(
      Object.entries(all).map(([id, record]) => {
        const { remembered, ...rest } = record;
        if (!remembered?.some(({ key }) => keys.includes(key))) return [id, record];
        const left = remembered.filter(({ key }) => !keys.includes(key));
        return [id, left.length === 0 ? rest : { ...rest, remembered: left }];
      }),
    ),
});

const placeOf = ({ path, lines: count }: ConflictFile): string =>
  count === 0 ? path : `${path} (${count} ${count === 1 ? 'line' : 'lines'})`;

/** What is still in conflict, as in `with t7 in src/app.txt (3 lines)`. */
export const conflictPlace = ({ with: others, files }: ConflictRecord): string => {
  const open = files.filter(({ solved }) => !solved);
  const whom = others.length === 0 ? '' : `with ${others.join(' and ')} `;
  const shown = open.length > 0 ? open : files;
  return `${whom}in ${shown.length === 0 ? 'more than the lines of files' : someOf(shown.map(placeOf), 3)}`;
};
