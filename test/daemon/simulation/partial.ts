/** What was reached for that the simulation does not have. */
export const missing = new Set<string>();

/** What has these parts of a port alone; whoever reaches for another is told, and noted in `missing`. */
export const partial = <T extends object>(name: string, parts: Partial<T>): T =>
  new Proxy(parts, {
    get: (target, key) => {
      if (key in target || typeof key === 'symbol' || key === 'then') return Reflect.get(target, key);
      missing.add(`${name}.${key}`);
      throw new Error(`the simulation has no ${name}.${key}`);
    },
  }) as T;
