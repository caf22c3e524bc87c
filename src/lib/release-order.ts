/** The numbers of a version, and what is said behind them: `1.2.0-rc.1` is 1, 2, 0 and `rc.1`. */
const partsOf = (version: string): { numbers: readonly number[]; suffix: string } => {
  const { numbers = '', suffix = '' } = /^v?(?<numbers>\d+(?:\.\d+)*)(?:-(?<suffix>.*))?/u.exec(version)?.groups ?? {};
  return { numbers: numbers.split('.').map(Number), suffix };
};

/** Whether a version came before another one; what leads to a release came before it. */
export const isOlder = (one: string, other: string): boolean => {
  const [a, b] = [partsOf(one), partsOf(other)];
  for (let at = 0; at < Math.max(a.numbers.length, b.numbers.length); at += 1) {
    const difference = (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  if (a.suffix === '' || b.suffix === '') return a.suffix !== '' && b.suffix === '';
  return a.suffix < b.suffix;
};
