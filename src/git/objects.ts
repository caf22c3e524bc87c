import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TreeEdit } from '../ports/index.ts';
import { badPath } from './errors.ts';
import { fieldsOf } from './parse.ts';
import { pathWords } from './raw-path.ts';
import { DURABLE, type RunGit } from './run.ts';

const FILE_MODES: readonly string[] = ['100644', '100755'];

type Blob = { readonly mode: string; readonly id: string };

/** Whether it names a file below the top folder, in one spelling only. */
const isPlain = (path: string): boolean =>
  !path.includes('\0') && path.split('/').every((part) => !['', '.', '..'].includes(part));

/** What stands at some paths of a tree. */
export const entriesAt = async (run: RunGit, tree: string, paths: readonly string[]): Promise<Map<string, Blob>> => {
  const words = pathWords(paths);
  const all = words.length === 0 ? ['-r', '-t'] : [];
  const fields = fieldsOf((await run(['ls-tree', '-z', '--full-tree', ...all, tree, ...words])).stdout);
  return new Map(
    fields.map((field) => {
      const end = field.indexOf('\t');
      const [mode = '', , id = ''] = field.slice(0, end).split(' ');
      return [field.slice(end + 1), { mode, id }];
    }),
  );
};

const findBlob = async (run: RunGit, tree: string, path: string): Promise<Blob | null> => {
  if (!isPlain(path)) return null;
  const found = (await entriesAt(run, tree, [path])).get(path);
  return found && FILE_MODES.includes(found.mode) ? found : null;
};

/** The id that git would give to this text: what was damaged by decoding, or cut off, gets another one. */
const blobId = (text: string, like: string): string =>
  createHash(like.length === 40 ? 'sha1' : 'sha256')
    .update(`blob ${Buffer.byteLength(text)}\0`)
    .update(text)
    .digest('hex');

/** Text of a blob; null when its bytes are not text. */
export const blobText = async (run: RunGit, id: string): Promise<string | null> => {
  const { stdout } = await run(['cat-file', 'blob', id]);
  return stdout.includes('\0') || blobId(stdout, id) !== id ? null : stdout;
};

/** Text of a file in a tree or commit; null when there is no such file, or it is a link, or its bytes are not text. */
export const readText = async (run: RunGit, tree: string, path: string): Promise<string | null> => {
  const blob = await findBlob(run, tree, path);
  return blob && blobText(run, blob.id);
};

/** How git is told that a path is gone: by as many zeros as an id of this repository has digits. */
const noBlob = async (run: RunGit): Promise<Blob> => {
  const { stdout } = await run(['rev-parse', '--show-object-format']);
  return { mode: '0', id: '0'.repeat(stdout.trim() === 'sha1' ? 40 : 64) };
};

/** The tree with files replaced, added or taken away, made in an index of its own. */
export const withEdits = async (run: RunGit, tree: string, edits: readonly TreeEdit[]): Promise<string> => {
  if (edits.length === 0) return tree;
  const folder = await mkdtemp(join(tmpdir(), 'drover-index-'));
  const call = { env: { GIT_INDEX_FILE: join(folder, 'index') }, config: DURABLE };
  try {
    await run(['read-tree', tree], call);
    const lines: string[] = [];
    let none: Blob | undefined;
    const blobOf = async (edit: TreeEdit): Promise<Blob> => {
      if ('blob' in edit) {
        if (edit.blob) return edit.blob;
        none ??= await noBlob(run);
        return none;
      }
      const { stdout } = await run(['hash-object', '-w', '--stdin'], { ...call, input: edit.content });
      return { mode: (await findBlob(run, tree, edit.path))?.mode ?? '100644', id: stdout.trim() };
    };
    for (const edit of edits) {
      if (!isPlain(edit.path)) throw badPath({ path: edit.path });
      const { mode, id } = await blobOf(edit);
      lines.push(`${mode} ${id}\t${edit.path}\0`);
    }
    const { stderr } = await run(['update-index', '-z', '--index-info'], { ...call, input: lines.join('') });
    // What git refuses to have in a tree, as `.git` in any of its disguises, it leaves out and ends with success.
    const ignored = /^Ignoring path (?<path>.*)/u.exec(stderr)?.groups?.['path'];
    if (ignored !== undefined) throw badPath({ path: ignored });
    return (await run(['write-tree'], call)).stdout.trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
