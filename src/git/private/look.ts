import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../../lib/missing.ts';
import { textOf } from '../places.ts';
import { resolveWith } from '../refs.ts';
import type { RunGit } from '../run.ts';

/** The id of an object. */
export const ID = /^[0-9a-f]{40,64}$/u;
const REF = /^ref: (?<ref>refs\/.+)$/u;

/** Refs whose names lead nowhere else when they are taken for paths. */
const PLAIN = /^refs\/heads\/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*\/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*$/u;

/** One side of a worktree that has two: what is checked out, at which commit, and where the branch of the worktree is. */
export type Side = { readonly head: string; readonly tip: string | null; readonly commit: string | null };

/** What is compared: a side is as it was when this is as it was. */
export const stateOf = ({ head, tip, commit }: Side): string => [head, tip ?? '-', commit ?? '-'].join(' ');

/** The branch that is checked out on a side; null for none. */
export const refIn = ({ head }: Side): string | null => REF.exec(head)?.groups?.['ref'] ?? null;

/** Longer lists of packed refs are read by git alone. */
const LONGEST = 1024 * 1024;

/** Where a ref without a file of its own is among the packed ones, null for nowhere; undefined where git has to be asked. */
const packedAt = async (folder: string, name: string): Promise<string | null | undefined> => {
  const isGone = await lstat(join(folder, name)).then(() => false, isMissing);
  const text = isGone ? await textOf(join(folder, 'packed-refs'), LONGEST) : undefined;
  if (text === undefined) return undefined;
  const line = text.split('\n').find((one) => one.endsWith(` ${name}`));
  if (line === undefined) return null;
  const id = line.slice(0, -name.length - 1);
  return ID.test(id) ? id : undefined;
};

type Place = {
  /** A git directory, and in it what is kept of the worktree. */
  readonly folder: string;
  readonly admin: string;
  /** The ref of the branch that is worked on. */
  readonly ref: string | null;
  /** Asks git of that directory, where the files alone do not tell. */
  readonly run: RunGit;
  /** Whether all refs are files, as in what we made ourselves. */
  readonly isFiles: boolean;
};

/**
 * Looks at one side by its files: this is asked before each look at a worktree. Whoever works inside may have written
 * anything there, so nothing but the id of an object is believed, and git itself is asked inside.
 */
export const lookAtSide = async ({ folder, admin, isFiles, ref, run }: Place): Promise<Side> => {
  const commitAt = async (name: string): Promise<string | null> => {
    const isPlain = PLAIN.test(name) && !name.includes('..');
    const text = isPlain ? await textOf(join(folder, name)) : undefined;
    if (text !== undefined && ID.test(text)) return text;
    const packed = isPlain ? await packedAt(folder, name) : undefined;
    if (packed || (packed === null && isFiles)) return packed;
    const found = await resolveWith(run, name);
    return found !== null && ID.test(found) ? found : null;
  };
  const [head = '', commit] = await Promise.all([textOf(join(admin, 'HEAD')), ref === null ? null : commitAt(ref)]);
  const led = REF.exec(head)?.groups?.['ref'];
  if (led === undefined) return { head, tip: ID.test(head) ? head : null, commit };
  return { head, tip: led === ref ? commit : await commitAt(led), commit };
};
