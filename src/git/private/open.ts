import { rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { unlessMissing } from '../../lib/missing.ts';
import type { Git } from '../../ports/index.ts';
import type { Sandbox } from '../../ports/sandbox.ts';
import { changeRef } from '../change-ref.ts';
import { gitBusy, noSandboxHere } from '../errors.ts';
import { needInside } from '../inside.ts';
import { assertRefUnlinked } from '../links.ts';
import { withOpenFolder } from '../owner-rights.ts';
import { linkOf, occupantOf } from '../places.ts';
import { resolveWith } from '../refs.ts';
import { removeAll } from '../remove-all.ts';
import { DURABLE, refused } from '../run.ts';
import type { GitContext } from '../worktrees.ts';
import { behindWith } from './behind.ts';
import type { Both } from './both.ts';
import { bringOut } from './bring-out.ts';
import { carry, noteMade } from './carry.ts';
import { encloseWith } from './enclosure.ts';
import { leaveOutAlike } from './left-out.ts';
import { makePrivate, SETTINGS, writeFixed, writeSettings } from './make.ts';
import { type PrivateNote, readNote, removeNote } from './note.ts';
import type { Privates } from './privates.ts';
import { makeRefresh } from './refresh.ts';
import { keepStagedInside } from './staged-inside.ts';

type Context = Omit<GitContext, 'privates'>;

type Options = {
  readonly sandbox: Pick<Sandbox, 'wall' | 'gitWall'> | undefined;
  readonly home: string;
  readonly filters: Parameters<typeof behindWith>[1]['filters'];
  /** Where programs keep settings of the person. */
  readonly configHome: string;
  readonly brought?: Both['brought'];
};

const bothWith =
  (
    { commonDir, root, run }: Context,
    { sandbox, home, brought }: Omit<Required<Options>, 'configHome' | 'filters'>,
    behind: Privates['behind'],
  ) =>
  async (admin: string, place: string, note: PrivateNote): Promise<Both> => {
    if (!sandbox) throw noSandboxHere({ path: place });
    const { folder } = note;
    const enclose = encloseWith(run, sandbox);
    const moveWords: Both['moveWords'] = (ref, to, from) => [
      ...['update-ref', '--create-reflog', '-m', 'drover: harvest'],
      ...[ref, to, from ?? ''],
    ];
    const move = (ref: string, to: string, from: string | null) =>
      run(moveWords(ref, to, from), { accept: 'any', config: DURABLE });
    const whileMoving: Both['whileMoving'] = async (ref, work) => {
      await assertRefUnlinked(commonDir, ref);
      return changeRef({ root, commonDir }, ref, work);
    };
    return {
      ...{ commonDir, admin, place, run, note, brought, moveWords, whileMoving },
      behind: behind(admin, place),
      inside: enclose({ root, commonDir, admin, worktree: place, folder, home }),
      moveRef: async (ref, to, from) => {
        const { code } = await whileMoving(ref, () => move(ref, to, from));
        if (code !== 0) throw gitBusy({ reason: ref });
      },
      keep: async (commit) => {
        const ref = `refs/drover/archive/${basename(place)}-inside-${commit.slice(0, 12)}`;
        // What another object has for its id is none.
        const exit = await whileMoving(ref, () => move(ref, `${commit}^{commit}`, null));
        if (exit.code !== 0 && (await resolveWith(run, ref)) !== commit) throw refused(['update-ref'], exit);
        return ref;
      },
    };
  };

/** Does something with both git directories of a worktree, where it has a private one. */
const withBothBy =
  (bothOf: ReturnType<typeof bothWith>) =>
  async <T>(admin: string, place: string, work: (both: Both) => Promise<T>): Promise<T | undefined> => {
    const note = await readNote(admin);
    return note && withOpenFolder(note.folder, async () => work(await bothOf(admin, place, note)));
  };

/** Lets both sides have what the other has, and the repository's own index be as the files are. */
const makeLevel = () => {
  const refresh = makeRefresh();
  return async (both: Both): Promise<void> => {
    await carry(both);
    await leaveOutAlike(both);
    await refresh(both);
  };
};

/** Removes a private git directory. By a rename: what a killed process has left of one would look damaged. */
const remove = async (folder: string): Promise<void> => {
  const gone = `${folder}.gone`;
  await removeAll(gone);
  await unlessMissing(rename(folder, gone));
  await removeAll(gone);
};

const settingsInsideWith =
  (context: Context, configHome: string): Git['settingsInside'] =>
  (worktree) =>
    context.inWorktree(worktree, async (place) => {
      const { commonDir, run } = context;
      const { env } = await needInside(context, place);
      await writeSettings({ commonDir, run, admin: env.GIT_DIR, worktree: place, configHome });
      return join(env.GIT_DIR, SETTINGS);
    });

export const openPrivates = (
  context: Context,
  { brought = new Map(), ...options }: Options,
): Privates & Pick<Git, 'privateGit' | 'settingsInside' | 'sharedGit'> => {
  const { commonDir, inWorktree, root, run } = context;

  const behind = behindWith(context, options);
  const bothOf = bothWith(context, { ...options, brought }, behind);

  const withBoth = withBothBy(bothOf);

  const letGo = async (folder: string): Promise<void> => {
    brought.delete(folder);
    await remove(folder);
  };

  const noted = async (place: string): Promise<{ admin: string; note: PrivateNote } | undefined> => {
    const admin = place === root ? undefined : await linkOf(commonDir, place);
    const note = admin === undefined ? undefined : await readNote(admin);
    return note && { admin: admin!, note };
  };

  const level = makeLevel();
  const carryNow = async (place: string): Promise<void> => {
    const found = await noted(place);
    if (!found) return;
    await withOpenFolder(found.note.folder, async () => {
      // What failed has written down how far it came.
      const { admin, note } = (await noted(place))!;
      await level(await bothOf(admin, place, note));
    });
  };

  const look: Privates['look'] = async (place) => {
    const found = await noted(place);
    if (!found) return undefined;
    await inWorktree(place, carryNow);
    return `${found.note.folder}/worktrees/${basename(found.admin)}`;
  };

  const privateGit: Git['privateGit'] = (worktree, folder) =>
    inWorktree(worktree, async (place) => {
      const { env } = await needInside(context, place);
      const admin = env.GIT_DIR;
      const parts = { commonDir, run, admin, worktree: place, configHome: options.configHome };
      const known = await readNote(admin);
      if (known?.folder === folder && (await occupantOf(folder)) !== 'nothing') {
        await writeFixed(folder, parts);
        await carryNow(place);
      } else {
        await carryNow(place);
        const both = await bothOf(admin, place, { folder, here: '', there: '' });
        // One that nothing names any more may lie there: git has forgotten a worktree whose folder somebody deleted.
        await bringOut(both);
        await letGo(folder);
        await makePrivate(folder, parts);
        await noteMade(both);
      }
      return { folder, admin: basename(admin) };
    });

  const sharedGit: Git['sharedGit'] = (worktree) =>
    inWorktree(worktree, async (place) => {
      const found = await noted(place);
      if (!found) return;
      await carryNow(place);
      await bringOut(await bothOf(found.admin, place, found.note));
      await removeNote(found.admin);
      await rm(join(found.admin, SETTINGS), { force: true });
      await letGo(found.note.folder);
    });

  return {
    carry: carryNow,
    look,
    behind,
    bringOut: async (admin, place) => withBoth(admin, place, bringOut),
    keepStaged: async (admin, place) => (await withBoth(admin, place, keepStagedInside)) ?? null,
    drop: async (admin) => {
      const note = await readNote(admin);
      if (note) await letGo(note.folder);
    },
    privateGit,
    settingsInside: settingsInsideWith(context, options.configHome),
    sharedGit,
  };
};
