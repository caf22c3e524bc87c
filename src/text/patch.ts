/** A line of a hunk. `oldLine` and `newLine` are its numbers; null on the side that does not have it. */
export type PatchLine = {
  readonly kind: 'added' | 'removed' | 'same';
  readonly oldLine: number | null;
  readonly newLine: number | null;
  readonly text: string;
};

/** `where` is what git writes behind the numbers: the function around it. */
type PatchHunk = { readonly where: string; readonly lines: readonly PatchLine[] };

/** What a patch says of one file. `content` names what it holds now; empty where git does not tell, `binary` where it is not text. */
export type PatchFile = {
  readonly path: string;
  readonly content: string;
  readonly binary: boolean;
  /** Other things that git says of it, as `new file mode 100644`. */
  readonly notes: readonly string[];
  readonly hunks: readonly PatchHunk[];
};

const HUNK = /^@@ -(?<oldLine>\d+)(?:,(?<oldCount>\d+))? \+(?<newLine>\d+)(?:,(?<newCount>\d+))? @@(?<where>.*)$/u;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', v: '\v', f: '\f' };

/** A path as git writes it in a patch: with a quote at its beginning it is escaped byte by byte. */
const unquotePath = (text: string): string => {
  if (!text.startsWith('"')) return text.replace(/\t$/u, '');
  const inner = text.slice(1, -1);
  try {
    return decodeURIComponent(
      inner.replaceAll(/\\(?<octal>[0-7]{3})|\\(?<letter>.)|(?<plain>[^\\]+)/gsu, (_all, octal, letter, plain) => {
        if (octal !== undefined) return `%${Number.parseInt(octal, 8).toString(16).padStart(2, '0')}`;
        return encodeURIComponent(plain ?? ESCAPES[letter] ?? letter);
      }),
    );
  } catch {
    // Bytes that are no UTF-8 are shown as git wrote them.
    return inner;
  }
};

const withoutSide = (path: string): string => path.replace(/^[ab]\//u, '');

/** The path in `diff --git a/x b/x`: without renames both halves are the same. */
const pathInHead = (head: string): string => {
  if (head.endsWith('"')) return withoutSide(unquotePath(head.slice(head.lastIndexOf(' "') + 1)));
  return withoutSide(head.slice(Math.ceil(head.length / 2)));
};

type Reading = { readonly file: PatchFile; readonly hunks: PatchHunk[]; readonly notes: string[] };

const openFile = (head: string): Reading => {
  const hunks: PatchHunk[] = [];
  const notes: string[] = [];
  return { file: { path: pathInHead(head), content: '', binary: false, notes, hunks }, hunks, notes };
};

const withFact = (reading: Reading, line: string): Reading => {
  const content = /^index [\da-f]+\.\.(?<content>[\da-f]+)/u.exec(line)?.groups?.['content'];
  if (content !== undefined) return { ...reading, file: { ...reading.file, content } };
  if (/^(?:Binary files|GIT binary patch)/u.test(line)) return { ...reading, file: { ...reading.file, binary: true } };
  if (/^(?:new file|deleted file|old mode|new mode)/u.test(line)) reading.notes.push(line);
  return reading;
};

/** The lines of one hunk from `start` on: its head says how many there are, so that nothing in a line can end it. */
const readHunk = (
  lines: readonly string[],
  start: number,
  groups: Readonly<Record<string, string | undefined>>,
): { hunk: PatchHunk; next: number } => {
  const count = (name: string): number => Number(groups[name] ?? 1);
  let [oldLine, newLine] = [count('oldLine'), count('newLine')];
  const oldEnd = oldLine + count('oldCount');
  const newEnd = newLine + count('newCount');
  const found: PatchLine[] = [];
  let at = start;
  for (; at < lines.length && (oldLine < oldEnd || newLine < newEnd || lines[at]!.startsWith('\\')); at += 1) {
    const line = lines[at]!;
    const text = line.slice(1);
    if (line.startsWith('+')) found.push({ kind: 'added', oldLine: null, newLine: newLine++, text });
    else if (line.startsWith('-')) found.push({ kind: 'removed', oldLine: oldLine++, newLine: null, text });
    else if (!line.startsWith('\\')) found.push({ kind: 'same', oldLine: oldLine++, newLine: newLine++, text });
  }
  return { hunk: { where: (groups['where'] ?? '').trim(), lines: found }, next: at };
};

/** Takes a patch apart as git prints it without renames. One that is cut off gives what is there. */
export const parsePatch = (patch: string): readonly PatchFile[] => {
  const files: PatchFile[] = [];
  const lines = patch.split('\n');
  let reading: Reading | undefined;
  let at = 0;
  while (at < lines.length) {
    const line = lines[at]!;
    at += 1;
    const head = /^diff --git (?<paths>.*)$/u.exec(line)?.groups?.['paths'];
    if (head !== undefined) {
      if (reading) files.push(reading.file);
      reading = openFile(head);
      continue;
    }
    if (!reading) continue;
    const groups = HUNK.exec(line)?.groups;
    if (groups) {
      const { hunk, next } = readHunk(lines, at, groups);
      reading.hunks.push(hunk);
      at = next;
    } else reading = withFact(reading, line);
  }
  return reading ? [...files, reading.file] : files;
};
