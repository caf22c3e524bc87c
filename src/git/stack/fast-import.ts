import { bytesOfRaw, isRaw } from '../../lib/raw-text.ts';
import { linesOf } from '../../lib/text.ts';
import type { FileEdit } from '../../ports/index.ts';
import { DURABLE, LONG_MS, type RunGit } from '../run.ts';
import type { Changes } from './changes.ts';

/** A merge whose tree is that of the one below with these changes. */
export type Layer = {
  readonly theirs: string;
  readonly message: string;
  readonly changes: Changes;
  readonly edits: readonly (FileEdit & { readonly mode: string })[];
};

export type Idents = { readonly author: string; readonly committer: string };

const quoted = (path: string): string =>
  `"${path.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`).replaceAll('\n', String.raw`\n`)}"`;

const rawSize = (text: string): number => (isRaw(text) ? bytesOfRaw(text).length : Buffer.byteLength(text));

const data = (text: string): string => `data ${rawSize(text)}\n${text}\n`;

const changeLines = (changes: Changes): readonly string[] => [
  // A folder may take the place of a file that is gone.
  ...changes.flatMap(({ path, after }) => (after === null ? [`D ${quoted(path)}\n`] : [])),
  ...changes.flatMap(({ path, after }) => (after === null ? [] : [`M ${after.mode} ${after.id} ${quoted(path)}\n`])),
];

/** A branch in name only: the reset at the end has git make none. */
const REF = 'refs/drover/stack';

/** The stream that has git write these merges, the first on top of `onto`; it prints the id of each. */
const streamOf = (onto: string, layers: readonly Layer[], { author, committer }: Idents): string => {
  const commits = layers.map(({ theirs, message, changes, edits }, n) =>
    [
      `commit ${REF}\nmark :${n + 1}\nauthor ${author}\ncommitter ${committer}\n`,
      data(message.endsWith('\n') ? message : `${message}\n`),
      ...(n === 0 ? [`from ${onto}\n`] : []),
      `merge ${theirs}\n`,
      ...changeLines(changes),
      ...edits.map(({ path, mode, content }) => `M ${mode} inline ${quoted(path)}\n${data(content)}`),
      `\nget-mark :${n + 1}\n`,
    ].join(''),
  );
  return `feature done\n${commits.join('')}reset ${REF}\n\ndone\n`;
};

/** From so many objects on they stay in the pack that git writes them to: unpacked each would be a file to be synced. */
const PACKED = 'fastimport.unpackLimit=40';

/** Whether the stream can say it. */
const canBeSaid = ({ message, edits }: Layer): boolean =>
  !message.includes('\0') && edits.every(({ content }) => !content.includes('\0'));

/**
 * Has git write merges on top of each other, by one process and synced once, and moves no ref. None where git refuses the
 * stream: merged one by one they will say why.
 */
export const importLayers = async (
  run: RunGit,
  onto: string,
  layers: readonly Layer[],
  idents: Idents,
): Promise<readonly string[]> => {
  if (!layers.every(canBeSaid)) return [];
  const input = streamOf(onto, layers, idents);
  const exit = await run(['fast-import', '--quiet'], {
    input,
    config: [...DURABLE, PACKED],
    timeoutMs: LONG_MS,
    accept: 'any',
  });
  const commits = linesOf(exit.stdout);
  return exit.code === 0 && commits.length === layers.length ? commits : [];
};
