type Pair = readonly [key: string, value: string];

/** By this what git writes survives a power cut: without it git syncs neither loose objects nor refs. */
export const DURABLE_COMMITS = [
  ['core.fsync', 'committed,loose-object,reference'],
  ['core.fsyncMethod', 'batch'],
] as const satisfies readonly Pair[];

/** An environment in which git reads these pairs as if they stood on its command line, behind those that are in it already. */
export const withGitConfig = (
  env: Readonly<Record<string, string>>,
  pairs: readonly Pair[],
): Record<string, string> => {
  const count = env['GIT_CONFIG_COUNT'] ?? '';
  const first = /^\d{1,6}$/u.test(count) ? Number(count) : 0;
  return {
    ...env,
    GIT_CONFIG_COUNT: String(first + pairs.length),
    ...Object.fromEntries(
      pairs.flatMap(([key, value], n) => [
        [`GIT_CONFIG_KEY_${first + n}`, key],
        [`GIT_CONFIG_VALUE_${first + n}`, value],
      ]),
    ),
  };
};
