/** The entry of a name that a person or an agent chose: `constructor` and the like are in no table of ours. */
export const entryOf = <T>(table: Readonly<Record<string, T>>, name: string | null): T | undefined =>
  name !== null && Object.hasOwn(table, name) ? table[name] : undefined;

/** Whether a value is an object with keys and no array: what JSON has between braces. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
