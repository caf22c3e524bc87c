import { z } from 'zod';
import type { ConflictRecord } from '../../state/conflict-records.ts';
import type { State } from '../../state/index.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { notFound, nothingToDo } from '../errors.ts';
import { idsParam } from '../selection.ts';

const params = z.object({
  id: idsParam.optional().describe('Conflicts, or their tasks; what was made of these, or used there, is forgotten'),
  scope: z.literal('all').optional().describe('all that is remembered'),
});
type Params = z.infer<typeof params>;

type Memory = { readonly path: string; readonly key: string };

const memoriesOf = ({ remembered = [], files }: ConflictRecord): readonly Memory[] => [
  ...remembered,
  ...files.flatMap(({ path, memory }) => (memory === undefined ? [] : [{ path, key: memory }])),
];

/** What is remembered of the conflicts that are meant, each once. */
const meantIn = ({ conflicts }: State, { id }: Params): readonly Memory[] => {
  const all = Object.values(conflicts);
  const unknown = id?.find((one) => !all.some((record) => record.id === one || record.task === one));
  if (unknown !== undefined) throw notFound({ noun: 'conflict', id: unknown, known: all.map((record) => record.id) });
  const meant = id ? all.filter((record) => id.includes(record.id) || id.includes(record.task)) : all;
  const found = new Map(meant.flatMap(memoriesOf).map((one) => [one.key, one]));
  const known = new Set(all.flatMap(({ remembered = [] }) => remembered.map(({ key }) => key)));
  const still = [...found.values()].filter(({ key }) => known.has(key));
  if (still.length === 0)
    throw nothingToDo({ message: 'Nothing is remembered of that.', hint: 'Look at "list conflicts".' });
  return still;
};

const pathsOf = (memories: readonly Memory[]): string => [...new Set(memories.map(({ path }) => path))].join(', ');

export const forgetConflict = defineCommand({
  verb: 'forget',
  noun: 'conflict',
  summary: 'Forget what was once made of a conflict: the next one of its kind waits for somebody again',
  example: 'forget conflict t8',
  role: 'integrator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'takes back what integration.remember has kept; what is merged stays',
  params,
  result: z.array(z.object({ path: z.string(), key: z.string() })).describe('What is forgotten'),
  asks: async ({ store: { state } }, said) => {
    if (said.id !== undefined) return undefined;
    const memories = meantIn(state, said);
    const loses = `This forgets ${plural(memories.length, 'resolution')} (${pathsOf(memories)}).`;
    return { targets: memories.map(({ key }) => key), loses };
  },
  foresees: (_standing, { id }) => (id === undefined ? 'asks' : undefined),
  targets: (state, said) => meantIn(state, said).map(({ key }) => key),
  run: async (context, said) => {
    let memories: readonly Memory[] = [];
    await context.decide((state) => {
      memories = meantIn(state, said);
      return [{ type: 'conflict.forgotten', data: { keys: memories.map(({ key }) => key) } }];
    });
    const message = `Forgotten: ${plural(memories.length, 'resolution')} of ${pathsOf(memories)}.`;
    return { message, data: [...memories] };
  },
});
