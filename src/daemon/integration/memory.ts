import { createHash } from 'node:crypto';
import { z } from 'zod';
import { hunksIn, isHunk, type MarkedText, readMarked } from '../../merge/hunks.ts';
import { hasNewMarkers } from '../../merge/markers.ts';
import { conflictedText, conflictName, isConfined, isSamePlace, isUndecided } from '../../merge/memory.ts';
import { ruleFor } from '../../merge/path-rules.ts';
import { resolveFile } from '../../merge/resolve-file.ts';
import type { ConflictedFile } from '../../ports/conflicts.ts';
import type { State } from '../../state/index.ts';
import { type DaemonServices, homeOf } from '../services.ts';
import { INTEGRATION } from './integration-worktree.ts';

/** What somebody once made of a conflict: the text with both sides, and what it became. */
const memory = z.object({ path: z.string(), before: z.string(), after: z.string(), how: z.string() });

const keyOf = (path: string, text: MarkedText): string =>
  createHash('sha256').update(conflictName(path, text)).digest('hex').slice(0, 32);

const fileOf = ({ home }: DaemonServices, key: string): string =>
  `${homeOf(home.paths, INTEGRATION)}/memory/${key}.json`;

/** The state says what is remembered; a file is only the text of it. */
const isKnown = ({ conflicts }: State, key: string): boolean =>
  Object.values(conflicts).some(({ remembered = [] }) => remembered.some((one) => one.key === key));

const read = async (services: DaemonServices, key: string): Promise<z.infer<typeof memory> | undefined> => {
  const text = await services.home.files.readText(fileOf(services, key)).catch(() => null);
  try {
    return text === null ? undefined : memory.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
};

export const sourcesOf = ({ base, ours, theirs }: ConflictedFile) => ({
  base: base?.text ?? null,
  ours: ours?.text ?? null,
  theirs: theirs?.text ?? null,
});

/** What a file in conflict becomes by what was made of the same conflict before; undefined where that is not known. */
export const recall = async (
  services: DaemonServices,
  file: ConflictedFile,
  text: MarkedText,
): Promise<{ readonly content: string; readonly how: string; readonly key: string } | undefined> => {
  const key = keyOf(file.path, text);
  const known = isKnown(services.store.state, key) ? await read(services, key) : undefined;
  if (!known) return undefined;
  const { before: base, after: theirs, how } = known;
  const now = conflictedText(text);
  // The same lines may meet elsewhere in the file, where they mean something else.
  if (!isConfined(base, theirs) || !isSamePlace(base, now)) return undefined;
  // What has changed around it since comes along; where that meets the place itself nothing is recalled.
  const merged = await services.home.git.mergeTexts({ base, ours: now, theirs });
  const parts = merged === null ? undefined : readMarked(merged);
  if (!parts || parts.some(isHunk)) return undefined;
  const content = parts.flat().join('');
  return isUndecided(content) || hasNewMarkers(content, sourcesOf(file)) ? undefined : { content, how, key };
};

/** A merge that somebody has made where git alone could not. */
type Solved = { readonly ours: string; readonly theirs: string; readonly result: string; readonly how: string };

/** Keeps what became of the places that nothing else would have resolved. */
export const remember = async (
  services: DaemonServices,
  { ours, theirs, result, how }: Solved,
): Promise<readonly { readonly path: string; readonly key: string }[]> => {
  const { git, files } = services.home;
  const met = await git.conflicts(ours, theirs);
  const kept: { path: string; key: string }[] = [];
  for (const file of met.files ?? []) {
    const rule = ruleFor(file.path, services.settings.integration.resolve);
    const resolution = await resolveFile(file, rule, { mergeTexts: git.mergeTexts });
    const text = resolution.kind === 'open' ? resolution.text : null;
    const after = await git.readFile(result, file.path);
    if (text === null || hunksIn(text).length === 0 || after === null || hasNewMarkers(after, sourcesOf(file)))
      continue;
    const before = conflictedText(text);
    if (!isConfined(before, after)) continue;
    const key = keyOf(file.path, text);
    const one: z.infer<typeof memory> = { path: file.path, before, after, how };
    await files.makeFolder(`${homeOf(services.home.paths, INTEGRATION)}/memory`);
    await files.write(fileOf(services, key), JSON.stringify(one), 'record');
    kept.push({ path: file.path, key });
  }
  return kept;
};
