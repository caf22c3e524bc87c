import { conflictOf, type Need } from '../../attention/needs.ts';
import { shown, shownLine, withoutControls } from '../../lib/text.ts';
import { saidId } from '../../protocol/say.ts';
import { suggestionsIn } from '../answering/suggestion-list.ts';
import { type Piece, widthOf } from '../widgets/pieces.ts';
import { wrapLines } from '../widgets/wrap-lines.ts';
import type { Query, TabColumn, TabContext, TabLine } from './tab.ts';

/** So many of the last lines of an agent are looked at. */
const LAST_LINES = 60;

type Evidence = {
  readonly title: string;
  /** The command that tells it. */
  readonly query: string;
  readonly kind: 'failure' | 'conflict' | 'output';
};

/** The last lines of an agent, by its name as it is said in a command. */
const outputOf = (said: string): Evidence => ({
  title: `last output of ${said}`,
  query: `show log ${said} limit=${LAST_LINES}`,
  kind: 'output',
});

/** The agent that the command which helps is about: the alert about several names the last of them so. */
const HELPED = /^(?:attach|show) instance (?<said>.+)$/u;

/** What there is to see of something that needs a person; null where its sentence says all. */
const evidenceOf = (need: Need): Evidence | null => {
  const { kind, key, task, instance, help } = need;
  const conflict = conflictOf(need);
  if (conflict !== null)
    return { title: `conflict of ${conflict}`, query: `show conflict ${saidId(conflict)}`, kind: 'conflict' };
  // Of an agent that is in the way of its task, that task has not failed.
  if (kind === 'failure' && task !== null && key === `task ${task}`)
    return { title: `failure of ${task}`, query: `show failure ${saidId(task)}`, kind: 'failure' };
  const said = instance === null ? HELPED.exec(help ?? '')?.groups?.['said'] : saidId(instance);
  return said === undefined ? null : outputOf(said);
};

const textLines = (text: string, width: number, look: Omit<Piece, 'text'> = {}): readonly TabLine[] =>
  wrapLines(shown(withoutControls(text)).trimEnd().split('\n'), width).map((line) => ({
    pieces: [{ ...look, text: ` ${line}` }],
  }));

type Failed = {
  readonly message?: string;
  readonly output?: string | null;
  readonly last_lines?: readonly string[];
  /** What has to be known of how it ran. */
  readonly note?: string | null;
};

/** The commands that may help, each whole and with its number on the page that Enter opens; what they do stands beside them, or below where there is no room. */
const commandLines = (data: unknown, width: number): readonly TabLine[] => {
  const suggestions = suggestionsIn(data);
  if (suggestions.length === 0) return [];
  const rows = suggestions.flatMap(({ command, what }, at): readonly TabLine[] => {
    const line = `${at + 1}  ${shownLine(command)}`;
    const said: readonly Piece[] = [{ text: ` ${line}`, color: 'cyan' }];
    const does: readonly Piece[] = what === null ? [] : [{ text: `  ${shownLine(what)}`, dim: true }];
    if (widthOf([...said, ...does]) <= width) return [{ pieces: [...said, ...does] }];
    return [
      ...textLines(line, width, { color: 'cyan' }),
      ...(what === null ? [] : textLines(`  ${shownLine(what)}`, width, { dim: true })),
    ];
  });
  return [{ pieces: [] }, { pieces: [{ text: ' Suggested, by Enter and its number:', dim: true }] }, ...rows];
};

/** A failure with the end of what the check printed, or its agent, and what can be done then. */
const failureLines = (data: Failed, width: number): readonly TabLine[] => [
  ...textLines(data.message ?? '', width, { color: 'red' }),
  ...(data.note ? textLines(data.note, width, { dim: true }) : []),
  ...(data.output ? [{ pieces: [] }, ...textLines(data.output, width)] : []),
  ...(data.last_lines?.length ? [{ pieces: [] }, ...textLines(data.last_lines.join('\n'), width)] : []),
  ...commandLines(data, width),
];

/** The lines that one of the two has, and those that both began with, by what stands before them. */
const SIGNS: readonly (readonly [RegExp, Omit<Piece, 'text'>])[] = [
  [/^ {4}base +\|/u, { dim: true }],
  [/^ {4}\S+ +\|/u, { color: 'green' }],
];

const conflictTextLines = (text: string, width: number): readonly TabLine[] =>
  text.split('\n').flatMap((line) => textLines(line, width, SIGNS.find(([sign]) => sign.test(line))?.[1] ?? {}));

const linesIn = (evidence: Evidence, { answers }: TabContext, width: number): readonly TabLine[] => {
  const reply = answers.get(evidence.query);
  if (!reply) return [];
  if (reply.exit !== 0)
    return [reply.message, ...(reply.hint === null ? [] : [reply.hint])].flatMap((line) =>
      textLines(line, width, { dim: true }),
    );
  if (evidence.kind === 'conflict')
    return [...conflictTextLines(reply.message, width), ...commandLines(reply.data, width)];
  const data = (reply.data ?? {}) as Failed & { readonly text?: string };
  if (evidence.kind === 'failure') return failureLines(data, width);
  return textLines(data.text ?? '', width);
};

/** What is asked, below what was printed before: in a column of its own the two belong together. */
const askedLines = ({ kind, text }: Need, width: number): readonly TabLine[] =>
  kind === 'question' ? [{ pieces: [] }, ...textLines(text, width, { color: 'yellow', bold: true })] : [];

/** The command that shows it in full. */
export const evidenceCommand = (need: Need): string | null => {
  const evidence = evidenceOf(need);
  if (evidence?.kind !== 'output') return evidence?.query ?? null;
  return need.instance === null ? need.help : `show instance ${saidId(need.instance)}`;
};

/** The command whose answer is the evidence of what is selected. */
export const evidenceQueries = (need: Need | undefined): readonly Query[] => {
  const evidence = need && evidenceOf(need);
  return evidence ? [{ text: evidence.query, everyMs: 2000, always: evidence.kind === 'output' }] : [];
};

/** The evidence of what is selected, in lines of so many cells. */
const evidenceLines = (need: Need, context: TabContext, width: number): readonly TabLine[] => {
  const evidence = evidenceOf(need);
  return evidence ? linesIn(evidence, context, width - 1) : [];
};

/** A place of a conflict, and the lines around it, which are left out where there is no room. */
const PLACE = /^ {5}line \d/u;
const AROUND = /^ {6,}\|/u;

/** So many lines of the evidence that tell most: the end of what an agent printed, the begin of anything else. */
export const evidenceBelow = (need: Need, context: TabContext, width: number, most: number): readonly TabLine[] => {
  const kind = evidenceOf(need)?.kind;
  const lines = evidenceLines(need, context, width);
  if (kind === 'output') return lines.slice(-most);
  if (kind === 'failure') return lines.slice(0, most);
  const first = lines.findIndex(({ pieces }) => PLACE.test(pieces[0]?.text ?? ''));
  const told = lines.filter(({ pieces }) => !AROUND.test(pieces[0]?.text ?? ''));
  return told.slice(Math.max(0, first - 1), Math.max(0, first - 1) + most + 2);
};

/** The evidence in a column beside the alerts. */
export const evidenceColumn = (need: Need, context: TabContext, width: number): TabColumn => {
  const evidence = evidenceOf(need);
  const found = evidenceLines(need, context, width);
  const isAnswered = evidence !== null && context.answers.has(evidence.query);
  // What is asked stands there as soon as it is known that nothing was printed before.
  const isSilent = found.every(({ pieces }) => pieces.every(({ text }) => text.trim() === ''));
  const nothing: TabLine = { pieces: [{ text: ' It has printed nothing yet.', dim: true }] };
  const lines = isSilent && isAnswered && evidence.kind === 'output' ? [nothing] : found;
  return {
    title: [{ text: evidence?.title ?? 'evidence', bold: true }],
    lines: lines.length === 0 ? [] : [...lines, ...askedLines(need, width - 1)],
    weight: 1,
    empty: evidence && !isAnswered ? 'looking for it …' : 'Nothing more is known of it.',
    fromEnd: evidence?.kind === 'output',
  };
};
