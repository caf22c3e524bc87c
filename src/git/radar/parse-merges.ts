/** A file with a conflict, as a merge leaves it in the index. */
type Staged = { readonly mode: string; readonly id: string };

export type MergedFile = {
  readonly path: string;
  /** By git's stage: 1 the base, 2 ours, 3 theirs. */
  readonly stages: ReadonlyMap<number, Staged>;
  readonly kind: string;
};

/** Files in the order in which they came; none where the merge is clean. */
export type MergeOutcome = readonly MergedFile[];

const ENTRY = /^(?<mode>\d+) (?<id>[0-9a-f]+) (?<stage>[123])\t(?<path>[\s\S]*)$/u;

/** What git calls a conflict, without the words around it: `CONFLICT (modify/delete)` is `modify/delete`. */
const kindOf = (type: string): string | undefined => /^CONFLICT \((?<kind>[^)]*)\)/u.exec(type)?.groups?.['kind'];

/** Reads the NUL-divided fields of one list, up to the empty one behind it. */
const readUntilEmpty = (fields: readonly string[], from: number): number => {
  const end = fields.indexOf('', from);
  return end < 0 ? fields.length : end;
};

/** Which kind of conflict is told of each path. Each message is: how many paths, the paths, its type, its text. */
const kindsIn = (fields: readonly string[], from: number): { kinds: Map<string, string>; end: number } => {
  const kinds = new Map<string, string>();
  let at = from;
  while (at < fields.length && fields[at] !== '') {
    const count = Number(fields[at]);
    const kind = kindOf(fields[at + count + 1] ?? '');
    if (kind !== undefined) for (const path of fields.slice(at + 1, at + 1 + count)) kinds.set(path, kind);
    at += count + 3;
  }
  return { kinds, end: at };
};

const filesOf = (entries: readonly string[], kinds: ReadonlyMap<string, string>): MergedFile[] => {
  const files = new Map<string, Map<number, Staged>>();
  for (const entry of entries) {
    const { mode = '', id = '', stage = '', path } = ENTRY.exec(entry)?.groups ?? {};
    if (path === undefined) continue;
    const stages = files.get(path) ?? new Map<number, Staged>();
    files.set(path, stages.set(Number(stage), { mode, id }));
  }
  return [...files].map(([path, stages]) => ({ path, stages, kind: kinds.get(path) ?? 'conflict' }));
};

/** Reads `git merge-tree --write-tree --stdin -z`: one outcome for each line of its input, as far as it came. */
export const parseMerges = (text: string): MergeOutcome[] => {
  const fields = text.split('\0');
  const outcomes: MergeOutcome[] = [];
  let at = 0;
  while (at + 1 < fields.length && /^[01]$/u.test(fields[at]!)) {
    const end = readUntilEmpty(fields, at + 2);
    if (fields[at] === '1') {
      outcomes.push([]);
      at = end + 1;
    } else {
      const messages = kindsIn(fields, end + 1);
      outcomes.push(filesOf(fields.slice(at + 2, end), messages.kinds));
      at = messages.end + 1;
    }
  }
  return outcomes;
};
