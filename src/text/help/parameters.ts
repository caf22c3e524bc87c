import { z } from 'zod';

/** A parameter as help and the documents show it. */
export const parameterSchema = z.object({
  name: z.string(),
  values: z.string().describe('What it takes: text, ids, a number, or words to choose from'),
  description: z.string(),
  required: z.boolean(),
});
export type Parameter = z.infer<typeof parameterSchema>;

type Shape = {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
};

/** A bound of a number; undefined for the bounds of whole numbers as such, which say nothing. */
const bound = (value: number | undefined): number | undefined =>
  value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value;

const numberText = ({ minimum, maximum }: Shape): string => {
  const [least, most] = [bound(minimum), bound(maximum)];
  if (least !== undefined && most !== undefined) return `number ${least} to ${most}`;
  return least === undefined ? 'number' : `number from ${least}`;
};

/** What a value may be, in words. */
export const valuesOf = (shape: Shape): string => {
  if (shape.const !== undefined) return String(shape.const);
  if (shape.enum) return shape.enum.join('|');
  if (shape.anyOf) return [...new Set(shape.anyOf.map(valuesOf))].join('|');
  if (shape.type === 'number' || shape.type === 'integer') return numberText(shape);
  return shape.type === 'boolean' ? 'true|false' : 'text';
};

/** Descriptions of parameters that the grammar itself fills in, the same for all commands. */
const COMMON: Readonly<Record<string, string>> = {
  id: 'Which one',
  scope: 'All of them',
  text: 'What to say',
  limit: 'Only so many',
  op: 'What to do',
};

/** The parameters of a command, in the order of its schema. */
export const parametersOf = (params: z.ZodObject): readonly Parameter[] =>
  Object.entries(params.shape as Record<string, z.ZodType>).map(([name, schema]) => {
    // Lists and numbers are read from text, so the output of the schema says more than its input.
    const options = { unrepresentable: 'any' } as const;
    const shape = z.toJSONSchema(schema, { ...options, io: 'output' }) as Shape;
    const ids = shape.type === undefined && !shape.anyOf && !shape.enum && shape.const === undefined;
    const byDefault = shape.default === undefined || shape.default === '' ? '' : ` (default: ${String(shape.default)})`;
    return {
      name,
      values: ids ? (name === 'state' ? 'states' : 'ids') : valuesOf(shape),
      description: `${schema.description ?? COMMON[name] ?? ''}${byDefault}`,
      required: !schema.safeParse(undefined).success,
    };
  });
