import type { ConflictedFile, ConflictSide, MergeTexts, TreeEdit } from '../ports/conflicts.ts';
import type { Side } from '../state/conflict-records.ts';
import type { PathRule } from '../state/resolution-settings.ts';
import { decided, type Hunk, isLoose, type MarkedText, readMarked, union } from './hunks.ts';
import { mergeJson } from './json.ts';
import { hasNewMarkers } from './markers.ts';
import { knownHow, regeneratingCommand } from './path-rules.ts';
import { decideWhitespace } from './whitespace.ts';

export type Means = {
  readonly mergeTexts: MergeTexts;
  /** What a person has chosen for whatever nothing else resolves. */
  readonly choice?: Side | undefined;
};

export type FileResolution =
  | { readonly kind: 'solved'; readonly edit: TreeEdit; readonly how: string; readonly memory?: string }
  /** To be made anew by a program; until then it is as ours. */
  | { readonly kind: 'regenerate'; readonly edit: TreeEdit; readonly how: string; readonly command: string }
  /** Nobody knows. Without text it is not about lines. */
  | { readonly kind: 'open'; readonly how: string; readonly text: MarkedText | null };

const CHOSEN: Readonly<Record<Side, string>> = {
  ours: 'what is merged already',
  theirs: 'what the branch has',
  union: 'the lines of both',
};

const wholeSide = ({ path }: ConflictedFile, side: ConflictSide | null): TreeEdit => ({
  path,
  blob: side && { mode: side.mode, id: side.id },
});

const chosenSide = (file: ConflictedFile, choice: Side, how: string): FileResolution =>
  choice === 'union'
    ? { kind: 'open', how: 'it has no lines to be put beside each other', text: null }
    : { kind: 'solved', how, edit: wholeSide(file, file[choice]) };

type Texts = { readonly base: string | null; readonly ours: string; readonly theirs: string };

const textsOf = ({ base, ours, theirs }: ConflictedFile): Texts | undefined =>
  ours?.text == null || theirs?.text == null || (base !== null && base.text === null)
    ? undefined
    : { base: base?.text ?? null, ours: ours.text, theirs: theirs.text };

const lost = ({ ours, theirs }: ConflictedFile): string => {
  if (ours === null) return 'the branch changed it, and what is merged already took it away';
  return theirs === null ? 'the branch took it away, and what is merged already changed it' : 'it is not text';
};

type Choice = { readonly side: Side; readonly how: string; readonly isGuess?: boolean };

/** Nobody said that the lines of a list may stand beside each other: they may where each says all by itself. */
const chooseLines = (hunk: Hunk, { side, isGuess }: Choice): readonly string[] | undefined => {
  if (side !== 'union') return hunk[side];
  return isGuess && !isLoose(hunk) ? undefined : union(hunk);
};

/** Decides place by place, and what is left by a choice for all of them, where there is one. */
const resolveLines = async (
  { path }: ConflictedFile,
  texts: Texts,
  means: Means,
  choice: Choice | undefined,
): Promise<FileResolution> => {
  const marked = await means.mergeTexts({ ...texts, base: texts.base ?? '' });
  if (marked === null) return { kind: 'open', how: 'it is not text', text: null };
  const text = readMarked(marked);
  let [blanks, chosen] = [0, 0];
  const content = decided(text, (hunk) => {
    const lines = decideWhitespace(path, hunk);
    if (lines) blanks += 1;
    else chosen += 1;
    return lines ?? (choice && chooseLines(hunk, choice));
  });
  if (content === undefined) return { kind: 'open', how: 'both sides changed the same lines', text };
  if (hasNewMarkers(content, texts))
    return { kind: 'open', how: 'what comes out has the markers of a conflict in it', text };
  const reasons = [
    ...(blanks > 0 ? ['one side changed blanks alone'] : []),
    ...(chosen > 0 && choice ? [choice.how] : []),
  ];
  return { kind: 'solved', edit: { path, content }, how: reasons.join('; ') || 'the lines do not meet' };
};

/** What is said of the whole file, whatever is in it; undefined where its content has to be looked at. */
const resolveWhole = (file: ConflictedFile, rule: PathRule | undefined, choice: Side | undefined) => {
  if (!rule) return undefined;
  const because = `the rule for ${rule.path} says ${rule.how}`;
  if (!choice && (rule.how === 'ours' || rule.how === 'theirs')) return chosenSide(file, rule.how, because);
  if (!choice && rule.how === 'hand-over') return { kind: 'open', how: because, text: null } as const;
  const command = rule.how === 'regenerate' ? regeneratingCommand(file.path, rule) : undefined;
  if (command === undefined) return undefined;
  const edit = wholeSide(file, file.ours ?? file.theirs);
  return { kind: 'regenerate', command, edit, how: `made anew by ${command}` } as const;
};

/** Resolves one file of a merge as far as rules, and what is known of its kind tell, else as chosen. */
export const resolveFile = async (
  file: ConflictedFile,
  rule: PathRule | undefined,
  means: Means,
): Promise<FileResolution> => {
  const { choice } = means;
  const whole = resolveWhole(file, rule, choice);
  if (whole) return whole;
  const asked = choice && { side: choice, how: `as it was chosen: ${CHOSEN[choice]}` };
  const texts = textsOf(file);
  if (!texts) return asked ? chosenSide(file, asked.side, asked.how) : { kind: 'open', how: lost(file), text: null };
  const how = rule?.how ?? knownHow(file.path);
  const content = how === 'json' || how === 'regenerate' ? mergeJson(texts) : undefined;
  if (content !== undefined && !hasNewMarkers(content, texts))
    return { kind: 'solved', edit: { path: file.path, content }, how: 'merged key by key' };
  const because = rule ? `the rule for ${rule.path} says union` : 'each of its lines stands for itself';
  const beside: Choice = { side: 'union', how: because, isGuess: !rule };
  return resolveLines(file, texts, means, how === 'union' && !choice ? beside : asked);
};
