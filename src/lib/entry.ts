/** The entry of a name that a person or an agent chose: `constructor` and the like are in no table of ours. */
export const entryOf = <T>(table: Readonly<Record<string, T>>, name: string | null): T | undefined =>
  name !== null && Object.hasOwn(table, name) ? table[name] : undefined;
