import type { Target } from '../../ports/target.ts';

/** A text that was not put in its place yet (src/files/open.ts, src/git/claims.ts). */
const DRAFT = /\.[0-9a-f]{8}\.new$/u;

/** Removes what a killed process was writing: the next one writes it anew under another name. */
export const sweepDrafts = async ({ files, paths }: Target, more: readonly string[] = []): Promise<void> => {
  const homes = (await files.folders(paths.instances)) ?? [];
  const folders = [
    ...more,
    paths.guard,
    `${paths.commonDir}/drover/claims`,
    ...homes.map((name) => `${paths.instances}/${name}`),
  ];
  await Promise.all(
    folders.map(async (folder) => {
      const drafts = ((await files.list(folder)) ?? []).filter((name) => DRAFT.test(name));
      await Promise.all(drafts.map((name) => files.remove(`${folder}/${name}`)));
    }),
  );
};
