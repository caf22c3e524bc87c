import { CONFLICT_FIXTURES } from '../../src/rehearsal/conflict-fixtures.ts';

/** The files of a repository in which tasks by `tasksIn` conflict in these files. */
export const filesFor = (paths: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    paths.flatMap((path) => {
      const { base, first, second } = CONFLICT_FIXTURES[path]!;
      return [
        [path, base],
        [`sides/first/${path}`, first],
        [`sides/second/${path}`, second],
      ];
    }),
  );

/** What a rehearsal agent is told, so that it makes one side of each of these files. */
export const wordsFor = (side: 'first' | 'second', paths: readonly string[]): string =>
  `rehearse: ${paths.map((path) => `copy sides/${side}/${path} ${path}`).join('; ')}`;
