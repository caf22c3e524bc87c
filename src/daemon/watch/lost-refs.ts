import { z } from 'zod';
import type { LostRef } from '../../commands/define.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

const lostSchema: z.ZodType<LostRef> = z.object({
  id: z.string(),
  ref: z.string(),
  from: z.string(),
  to: z.string().nullable(),
  kept: z.string(),
  by: z.array(z.string()),
  at: z.string(),
});

/** So many are remembered; what the older ones kept stays in the archive. */
const REMEMBERED = 200;

const folderOf = ({ paths }: Pick<DaemonServices, 'paths'>): string => `${paths.guard}/lost`;

/** What was changed past the guard and can be put back, the latest last. */
export const lostRefs = async (services: Pick<DaemonServices, 'paths' | 'home'>): Promise<readonly LostRef[]> => {
  const { files } = services.home;
  const names = (await files.list(folderOf(services))) ?? [];
  const found = await Promise.all(
    names.toSorted().map(async (name): Promise<LostRef[]> => {
      try {
        const read = lostSchema.safeParse(JSON.parse((await files.readText(`${folderOf(services)}/${name}`)) ?? ''));
        return read.success ? [read.data] : [];
      } catch {
        return [];
      }
    }),
  );
  return found.flat();
};

export const noteLost = async (services: DaemonServices, one: LostRef): Promise<void> => {
  const { files } = services.home;
  await files.makeFolder(folderOf(services), 'last');
  // Nothing else knows which ref the commit in the archive belonged to, and nobody is told of it twice.
  await files.write(`${folderOf(services)}/${one.id}.json`, JSON.stringify(one), 'record');
  const names = ((await files.list(folderOf(services))) ?? []).toSorted();
  for (const name of names.slice(0, -REMEMBERED)) await files.remove(`${folderOf(services)}/${name}`);
};

/** Puts a ref back where it was; false when it has moved again since. */
export const restoreLost = async (services: DaemonServices, one: LostRef): Promise<boolean> => {
  const { git } = services.home;
  // A daemon before this one may have come no further than that.
  const isBack = (await git.restoreRef(one.ref, one.to, one.from)) || (await git.resolve(one.ref)) === one.from;
  if (!isBack) return false;
  await services.home.files.remove(`${folderOf(services)}/${one.id}.json`);
  await services.decide((state) => clearAlertFacts(state, `ref:${one.ref}`, 'it was put back'));
  return true;
};
