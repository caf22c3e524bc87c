/** One worktree as `git worktree list --porcelain -z` tells it. */
export type WorktreeEntry = {
  readonly path: string;
  readonly branch: string | null;
};

const HEADS = 'refs/heads/';

/** Short name of a branch's ref, null for any other ref. */
export const branchOf = (ref: string): string | null => (ref.startsWith(HEADS) ? ref.slice(HEADS.length) : null);

export const refOf = (branch: string): string => `${HEADS}${branch}`;

export const parseWorktrees = (text: string): WorktreeEntry[] =>
  text
    .split('\0\0')
    .filter((record) => record !== '')
    .map((record) => {
      const fields = new Map(
        record.split('\0').map((line) => {
          const at = line.indexOf(' ');
          return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
        }),
      );
      return {
        path: fields.get('worktree') ?? '',
        branch: branchOf(fields.get('branch') ?? ''),
      };
    });

// Fields before the path: of an ordinary entry, of one with conflicts, and of one that git does not know.
const FIELDS: Readonly<Record<string, number>> = { '1': 8, u: 10, '?': 1 };

const afterFields = (line: string, count: number): string => {
  let at = 0;
  for (let n = 0; n < count; n += 1) at = line.indexOf(' ', at) + 1;
  return line.slice(at);
};

/** Reads `git status --porcelain=v2 --branch --no-renames -z`. */
export const parseStatus = (text: string) => {
  const lines = text.split('\0');
  const header = (name: string): string =>
    lines.find((line) => line.startsWith(`# ${name} `))?.slice(name.length + 3) ?? '';
  const head = header('branch.oid');
  const branch = header('branch.head');
  return {
    head: head === '(initial)' ? '' : head,
    branch: branch === '(detached)' ? null : branch,
    dirty: lines.flatMap((line) => {
      const count = FIELDS[line[0] ?? ''];
      return count === undefined ? [] : [afterFields(line, count)];
    }),
  };
};

/** A file that is staged, and that is not so in the worktree by now; where it is staged as deleted nothing of it is. */
const STAGED_ALONE = /^1 [^.D][^.] /u;

/** Those of them in the same text. */
export const parseStagedAlone = (text: string): readonly string[] =>
  text.split('\0').flatMap((line) => (STAGED_ALONE.test(line) ? [afterFields(line, FIELDS['1']!)] : []));

/** Reads `git diff --shortstat`, which prints nothing when nothing changed. */
export const parseShortstat = (text: string) => {
  const count = (what: RegExp): number => Number(what.exec(text)?.groups?.['n'] ?? 0);
  return {
    files: count(/(?<n>\d+) files? changed/u),
    insertions: count(/(?<n>\d+) insertion/u),
    deletions: count(/(?<n>\d+) deletion/u),
  };
};

/**
 * Reads `git merge-tree --write-tree -z`: the tree, the files with conflicts (without `--name-only` a line for each of their
 * sides), and what git says of them.
 */
export const parseMerge = (text: string) => {
  const [head = '', ...rest] = text.split('\0');
  const end = rest.indexOf('');
  const files = end < 0 ? [] : rest.slice(0, end);
  const fields = end < 0 ? [] : rest.slice(end + 1);
  const messages: { type: string; text: string }[] = [];
  // Each message: how many paths, the paths, its type, its text.
  for (let at = 0; at + 2 < fields.length; ) {
    const paths = Number(fields[at]);
    messages.push({ type: fields[at + paths + 1] ?? '', text: (fields[at + paths + 2] ?? '').trim() });
    at += paths + 3;
  }
  const conflicts = messages.filter(({ type }) => type.startsWith('CONFLICT'));
  return {
    tree: head,
    files: [...new Set(files)],
    types: conflicts.map((message) => message.type),
    detail: conflicts.map((message) => message.text).join('\n'),
  };
};

/** Reads `git diff --numstat -z --no-renames`; what is not text has no counts. */
export const parseNumstat = (text: string) => {
  const count = (field: string | undefined): number | null => (field === '-' ? null : Number(field ?? 0));
  return text
    .split('\0')
    .filter((record) => record !== '')
    .map((record) => {
      const [insertions, deletions, ...path] = record.split('\t');
      return { path: path.join('\t'), insertions: count(insertions), deletions: count(deletions) };
    });
};

/** What git lists with `-z`: each ends with a zero byte. */
export const fieldsOf = (text: string): readonly string[] => text.split('\0').slice(0, -1);
