import type { FileEdit, Git } from '../../ports/index.ts';
import { identsFor } from '../identity.ts';
import { entriesAt } from '../objects.ts';
import type { RunGit } from '../run.ts';
import { type Changes, changesOf, doMeet, isSame } from './changes.ts';
import { importLayers, type Layer } from './fast-import.ts';
import { graphOf, historyOf } from './graph.ts';

type Request = Parameters<Git['stack']>[0];
type Branch = Request['branches'][number];
type Based = Branch & { readonly base: string };

const FILE_MODES: readonly string[] = ['100644', '100755'];

/** The branches with the commit from which a merge of each begins, as far as each has exactly one. */
const basedOn = async (run: RunGit, { onto, branches }: Request): Promise<readonly Based[]> => {
  const graph = await graphOf(run, [onto, ...branches.map(({ theirs }) => theirs)]);
  if (!graph) return [];
  const history = historyOf(graph, onto);
  const found: Based[] = [];
  for (const branch of branches) {
    const base = history.baseOf(branch.theirs);
    if (base === undefined) break;
    found.push({ ...branch, base });
    history.add(branch.theirs);
  }
  return found;
};

/** The modes of the files that are edited; undefined for what an edit cannot take the place of. */
const modesOf = async (run: RunGit, onto: string, edits: readonly FileEdit[]) => {
  const paths = [...new Set(edits.map(({ path }) => path))];
  if (paths.length === 0) return () => undefined;
  const entries = await entriesAt(run, onto, paths);
  return (path: string): string | undefined => {
    const mode = entries.get(path)?.mode ?? '100644';
    return FILE_MODES.includes(mode) ? mode : undefined;
  };
};

type Span = Pick<Changes[number], 'before' | 'after'>;

/** What is merged so far: the paths that are not as they were at first, with what they were and are now. */
const openOverlay = () => {
  const now = new Map<string, Span>();
  const edited = new Set<string>();
  const put = (path: string, { before, after }: Span): void =>
    void now.set(path, { before: now.get(path)?.before ?? before, after });
  return {
    put,
    /** An edit has what nothing else has, so that whatever else touches the file meets it. */
    edit: (path: string, mode: string): void => {
      edited.add(path);
      put(path, { before: { mode, id: 'at first' }, after: { mode, id: 'edited' } });
    },
    /** Whether an edit that was made of the files at first, and of the edits before it, may still be made. */
    isEditable: (path: string): boolean => edited.has(path) || !now.has(path),
    /** What has changed between the base of a branch and all that is merged so far. */
    since: (baseToTip: Changes): Changes => {
      const known = new Map(baseToTip.map((change) => [change.path, change]));
      const touched = [...now].map(([path, span]) => ({
        path,
        before: (known.get(path) ?? span).before,
        after: span.after,
      }));
      const rest = baseToTip.filter(({ path }) => !now.has(path));
      return [...rest, ...touched].filter(({ before, after }) => !isSame(before, after));
    },
  };
};

const isApart = (overlay: ReturnType<typeof openOverlay>, { edits }: Branch, changes: Changes): boolean =>
  edits.every(({ path }) => overlay.isEditable(path) && !changes.some((one) => one.path === path));

/** As many of the first branches as have nothing to do with each other nor with what came onto `onto` since. */
const layersOf = async (run: RunGit, { onto }: Request, branches: readonly Based[]): Promise<readonly Layer[]> => {
  const pairs = branches.flatMap(({ base, theirs }) => [
    { from: base, to: theirs },
    { from: base, to: onto },
  ]);
  const between = await changesOf(run, pairs);
  const modeOf = await modesOf(
    run,
    onto,
    branches.flatMap(({ edits }) => edits),
  );
  const overlay = openOverlay();
  const layers: Layer[] = [];
  for (const branch of branches) {
    const { base, theirs, message } = branch;
    const changes = between({ from: base, to: theirs });
    const edits = branch.edits.flatMap((edit) => {
      const mode = modeOf(edit.path);
      return mode === undefined ? [] : [{ ...edit, mode }];
    });
    if (edits.length < branch.edits.length || !isApart(overlay, branch, changes)) break;
    if (doMeet(overlay.since(between({ from: base, to: onto })), changes)) break;
    layers.push({ theirs, message, changes, edits });
    for (const change of changes) overlay.put(change.path, change);
    for (const { path, mode } of edits) overlay.edit(path, mode);
  }
  return layers;
};

/** Merges of branches that have nothing to do with each other, written by one process however many there are. */
export const openStacks = ({ run }: { run: RunGit }): Pick<Git, 'stack'> => ({
  stack: async (request) => {
    if (request.branches.length === 0) return [];
    const based = await basedOn(run, request);
    if (based.length === 0) return [];
    const layers = await layersOf(run, request, based);
    return layers.length === 0 ? [] : importLayers(run, request.onto, layers, await identsFor(run));
  },
});
