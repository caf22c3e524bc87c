/** The first of two versions like `3.3a` is at least the second. What is no number (`master`) is newer than all. */
export const atLeast = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const { a, b } = /(?<a>\d+)\.(?<b>\d+)/u.exec(version)?.groups ?? {};
  if (a === undefined) return true;
  return Number(a) > major || (Number(a) === major && Number(b) >= minor);
};

/** The version in what a program says about itself; an empty text when there is none. */
export const versionIn = (text: string): string => /\d+\.\d+(?:\.\d+)*[a-z]?|\bmaster\b/u.exec(text)?.[0] ?? '';
