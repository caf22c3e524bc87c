import type { Target } from '../../ports/target.ts';

/** A text that was not put in its place yet (src/files/open.ts, src/git/claims.ts). */
const DRAFT = /\.[0-9a-f]{8}\.new$/u;

/** Removes what a killed process was writing: the next one writes it anew under another name. */
export const sweepDrafts = async ({ files, paths }: Target, more: readonly string[] = []): Promise<void> => {
  const below = async (folder: string): Promise<string[]> =>
    ((await files.folders(folder)) ?? []).map((name) => `${folder}/${name}`);
  const homes = await below(paths.instances);
  // What gates print, and what is remembered of conflicts, lies deeper.
  const inHomes = await Promise.all(homes.flatMap((home) => [below(home), below(`${home}/gates`)]));
  const ours = [`${paths.commonDir}/drover/claims`, paths.bin, paths.guard, ...(await below(paths.guard))];
  await Promise.all(
    [...more, ...ours, ...homes, ...inHomes.flat()].map(async (folder) => {
      const drafts = ((await files.list(folder)) ?? []).filter((name) => DRAFT.test(name));
      await Promise.all(drafts.map((name) => files.remove(`${folder}/${name}`)));
    }),
  );
};
