import { z } from 'zod';
import { formatDuration, parseDuration } from '../../lib/duration.ts';
import { oneLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import { PRIORITIES, type TaskPlan } from '../../state/tasks.ts';
import { WORKFLOWS } from '../../state/workflows.ts';
import { isClaimPattern } from '../../tasks/claim-pattern.ts';
import { badParameter } from '../errors.ts';
import { idsParam, lookUp } from '../selection.ts';

/** A list in one value: ids are divided by commas or blanks. */
const listParam = z
  .union([z.string(), z.number(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : String(value).split(/[\s,]+/u)).filter((one) => one !== ''));

/** Sentences in one value, divided by semicolons. */
const textsParam = z.union([z.string(), z.number()]).transform((value) =>
  String(value)
    .split(/;|\n/u)
    .map(oneLine)
    .filter((one) => one !== ''),
);

const durationParam = z.coerce
  .string()
  .refine((text) => text === 'none' || parseDuration(text) !== undefined, 'say it like 90s, 30m or 2h, or none')
  .transform((text) => parseDuration(text) ?? null);

/** Patterns of files in one value, divided by commas or blanks; they begin at the top of the repository. */
const filesParam = listParam.refine(
  (patterns) => patterns.every(isClaimPattern),
  'a pattern begins at the top of the repository, without / before it and without . or .. in it',
);

/** What can be said of a task when it is made or changed. `none` takes a value away. */
export const fieldParams = {
  title: z.string().optional().describe('The title'),
  description: z.string().optional().describe('What is to be done'),
  priority: z.enum(PRIORITIES).optional().describe('low, normal, high or urgent'),
  check: z.string().optional().describe('Shell command that must succeed before it counts as done; empty for none'),
  deps: idsParam.optional().describe('Tasks that must be done before, or none'),
  dependencies: idsParam.optional().describe('The same as deps'),
  group: z.coerce.string().optional().describe('The part of the plan it belongs to, or none'),
  spec: z.string().optional().describe('The imported plan it is added to'),
  capabilities: listParam.optional().describe('What an instance must be able to do, e.g. rust,docker, or none'),
  files: filesParam
    .optional()
    .describe(
      'Files that it has for itself while it runs, e.g. src/a/**,docs/*.md, or none: tasks that claim the same wait',
    ),
  workflow: z
    .enum([...WORKFLOWS, 'none'])
    .optional()
    .describe('What it is done with, e.g. tdd or pr; none to go by plan.workflow'),
  requirements: listParam.optional().describe('Requirements it serves, e.g. 1.1,1.2, or none'),
  criteria: textsParam.optional().describe('What must be true when it is done, with semicolons between, or none'),
  estimate: durationParam.optional().describe('How long it will take, e.g. 30m; none to go by what others took'),
  complexity: z.coerce.number().min(1).max(10).optional().describe('1 to 10'),
};
const schema = z.object(fieldParams);
type Fields = z.infer<typeof schema>;

const orNone = <T>(list: readonly T[]): T[] => (list.length === 1 && list[0] === 'none' ? [] : [...list]);

const depsOf = (command: string, { deps, dependencies }: Fields): string[] | undefined => {
  if (deps !== undefined && dependencies !== undefined)
    throw badParameter({ command, key: 'deps', issue: 'deps and dependencies are the same: say one of them' });
  const said = deps ?? dependencies;
  return said === undefined ? undefined : [...new Set(orNone(said))];
};

const titleOf = (command: string, title: string): string => {
  const line = oneLine(title);
  if (line === '') throw badParameter({ command, key: 'title', issue: 'a task needs a title' });
  return line;
};

/** The value with its key, where something was said. */
const said = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]: V });

/** The mapped value, where one was said. */
const mapSaid = <V, R>(value: V | undefined, map: (value: V) => R): R | undefined =>
  value === undefined ? undefined : map(value);

const groupOf = (group: string): string | null => {
  const name = oneLine(group);
  return group === 'none' || name === '' ? null : name;
};

/** What the parameters say, in the names of the record; nothing is filled in. */
export const fieldsSaid = (command: string, fields: Fields): Partial<TaskPlan> => ({
  ...said(
    'title',
    mapSaid(fields.title, (title) => titleOf(command, title)),
  ),
  ...said('description', fields.description),
  ...said('priority', fields.priority),
  ...said(
    'check',
    mapSaid(fields.check, (check) => (check === '' ? null : check)),
  ),
  ...said('dependencies', depsOf(command, fields)),
  ...said('group', mapSaid(fields.group, groupOf)),
  ...said(
    'spec',
    mapSaid(fields.spec, (spec) => (spec === 'none' ? null : spec)),
  ),
  ...said('required_capabilities', mapSaid(fields.capabilities, orNone)),
  ...said('files', mapSaid(fields.files, orNone)),
  ...said(
    'workflow',
    mapSaid(fields.workflow, (workflow) => (workflow === 'none' ? null : workflow)),
  ),
  ...said('requirements', mapSaid(fields.requirements, orNone)),
  ...said('acceptance_criteria', mapSaid(fields.criteria, orNone)),
  ...said('estimated_duration', fields.estimate),
  ...said('complexity_score', fields.complexity),
});

/** Refuses prerequisites and plans that are not there, each by its id. */
export const checkReferences = (state: State, { dependencies = [], spec }: Partial<TaskPlan>): void => {
  for (const id of dependencies) lookUp(state.tasks, id, 'task');
  if (spec !== undefined && spec !== null) lookUp(state.specs, spec, 'spec');
};

/** `12m` or, where nothing is known, `?`. */
export const durationText = (ms: number | null): string => (ms === null ? '' : formatDuration(ms));
