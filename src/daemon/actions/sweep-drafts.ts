import { basename, dirname } from 'node:path';
import type { Target } from '../../ports/target.ts';
import type { DaemonServices } from '../services.ts';

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

/** The same with the process that writes it (src/daemon/config/project-file.ts, src/state/store/disk.ts). */
const DRAFT_OF_PROCESS = /\.json\.(?<pid>\d+)\.(?:tmp|new|new\.tmp)$/u;

/**
 * Removes what killed processes were writing of the settings and their versions. A command without a daemon writes them as well:
 * what one that runs is writing stays.
 */
export const sweepSettingsDrafts = async ({
  home: { files, processes },
  paths: { config, configVersions },
}: Pick<DaemonServices, 'home' | 'paths'>): Promise<void> => {
  const real = await files.realPath(config);
  const draftsIn = async (folder: string, start: string) =>
    ((await files.list(folder)) ?? []).flatMap((name) => {
      const { pid } = DRAFT_OF_PROCESS.exec(name)?.groups ?? {};
      return pid !== undefined && name.startsWith(start) ? [{ path: `${folder}/${name}`, pid: Number(pid) }] : [];
    });
  const drafts = [...(await draftsIn(configVersions, '')), ...(await draftsIn(dirname(real), `${basename(real)}.`))];
  // Nobody asks for anything yet: what has the id of this daemon was written by a process before it.
  const running = await processes.running(drafts.map(({ pid }) => pid).filter((pid) => pid !== process.pid));
  await Promise.all(drafts.filter(({ pid }) => !running.has(pid)).map(({ path }) => files.remove(path)));
};
