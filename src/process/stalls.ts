import { readdirSync } from 'node:fs';
import { procText, statOf } from './proc-files.ts';

/** How often a program is looked at while it stands still, as parts of the time that it may. */
const LOOKS = 5;

/** Where among the fields of a process its parent stands, and what it took of the processor, ended children included. */
const PARENT = 1;
const USED = [11, 12, 13, 14] as const;

/** A process runs, waits for its turn, or for a disk: it comes on. */
const MOVES = /^[RD]/u;

type One = { readonly pid: number; readonly parent: number; readonly moves: boolean; readonly used: number };

const processesNow = (): readonly One[] => {
  const names = readdirSync('/proc').filter((name) => /^\d+$/u.test(name));
  return names.flatMap((name): One[] => {
    const pid = Number(name);
    const fields = statOf(pid);
    if (fields.length === 0) return [];
    const used = USED.reduce((sum, at) => sum + Number(fields[at] ?? 0), 0);
    return [{ pid, parent: Number(fields[PARENT]), moves: MOVES.test(fields[0] ?? ''), used }];
  });
};

/** A process and all that it has started, those above others first. */
const familyOf = (root: number, all: readonly One[]): readonly One[] => {
  const family = all.filter(({ pid }) => pid === root);
  // The list grows meanwhile.
  for (const { pid } of family) family.push(...all.filter((one) => one.parent === pid && one.pid !== pid));
  return family;
};

/** How many bytes a process has read and written: one that waits for little from time to time takes no countable processor. */
const carried = (pid: number): string => (procText(`/proc/${pid}/io`).match(/^[rw]char: \d+$/gmu) ?? []).join();

/** How a family stands: the same text at two looks is a family in which nobody has done anything in between. */
const standOf = (family: readonly One[]): string | undefined =>
  family.some(({ moves }) => moves)
    ? undefined
    : family.map(({ pid, used }) => `${pid}:${used}:${carried(pid)}`).join(' ');

const commandOf = (pid: number): string =>
  Buffer.from(procText(`/proc/${pid}/cmdline`), 'latin1')
    .toString()
    .split('\0')
    .join(' ')
    .trim();

/**
 * Looks whether a program and all that it has started stand still, and tells once when none of them has used the processor, read or
 * written for so many milliseconds, with the command line of the youngest, which the others wait for. Where the system does not show it, nobody
 * is told. Returns what ends that.
 */
export const watchStall = (root: number, ms: number, stalled: (command: string) => void): (() => void) => {
  let before: string | undefined;
  let since = performance.now();
  const timer = setInterval(() => {
    try {
      const family = familyOf(root, processesNow());
      const now = standOf(family);
      if (now === undefined || now === '' || now !== before) since = performance.now();
      before = now;
      if (performance.now() - since < ms) return;
      clearInterval(timer);
      stalled(commandOf(family.at(-1)!.pid));
    } catch {
      clearInterval(timer);
    }
  }, ms / LOOKS);
  return () => clearInterval(timer);
};
