import { dirname } from 'node:path';
import type { LeftRepositories } from '../../commands/define.ts';
import { KEPT_FOLDER } from '../../git/trash-place.ts';
import { valuesOf } from '../../lib/records.ts';
import type { Target } from '../../ports/target.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

/** The alert that names what is kept, by where that is: a folder, or a ref of the archive. */
export const keptAlertId = (kept: string): string => `kept:${kept}`;

/** More folders than these are not looked at. */
const MOST = 1000;

const NANOSECONDS = 1_000_000n;

/** The folders beside worktrees, also of instances whose worktree lies elsewhere. */
const placesOn = ({ store, targetOf }: DaemonServices, target: Target): readonly string[] => {
  const homes = valuesOf(store.state.instances).filter((one) => targetOf(one) === target);
  const parents = [target.paths.worktrees, ...homes.map((one) => dirname(one.workspace_path))];
  return [...new Set(parents)].map((parent) => `${parent}/${KEPT_FOLDER}`);
};

const listOn = async (target: Target, place: string): Promise<readonly LeftRepositories[]> =>
  ((await target.files.left(place, /./u, MOST)) ?? []).map(({ name, changedNs }) => ({
    ...{ name, path: `${place}/${name}`, host: target.host },
    kept_at: new Date(Number(changedNs / NANOSECONDS)).toISOString(),
  }));

/** What tasks have left in worktrees and is kept, the latest last; a machine that does not answer has none to be named. */
export const leftRepositories = async (services: DaemonServices): Promise<readonly LeftRepositories[]> => {
  const looks = services.targets.flatMap((target) =>
    placesOn(services, target).map((place) => listOn(target, place).catch(() => [])),
  );
  return (await Promise.all(looks)).flat().toSorted((a, b) => (a.kept_at < b.kept_at ? -1 : 1));
};

/** Deletes for good what is kept, and puts its alert away; false where a process is in it. */
export const deleteLeft = async (services: DaemonServices, { path, host }: LeftRepositories): Promise<boolean> => {
  const { files, processes } = services.targetOf({ host });
  if ((await processes.livingIn(path)).length > 0) return false;
  await files.remove(path);
  await services.decide((now) => clearAlertFacts(now, keptAlertId(path), 'it was removed'));
  return true;
};
