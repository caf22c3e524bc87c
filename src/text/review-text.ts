import { saidId } from '../protocol/say.ts';
import { shown, shownLine } from '../lib/text.ts';
import { actorText } from '../state/actors.ts';
import { costText } from './cost-rows.ts';
import type { Proof, ReviewData } from './review-data.ts';
import { plural } from './wording.ts';

/** The evidence for a criterion in words; what stands where there is none says so. */
const proofText = ({ kind, text, where }: Proof): string => {
  if (kind === 'word') return `${where} says: ${text}`;
  return kind === 'test' ? `test at ${where}: ${text}` : `printed by the check: ${text}`;
};

export const NO_EVIDENCE = 'nothing shows it';

/** Who may be asked for the evidence that is missing; undefined where none is. */
const askText = ({ task, criteria, others, author }: ReviewData): string | undefined => {
  const open = criteria.find(({ evidence }) => evidence.length === 0);
  if (!open) return undefined;
  const agents = others.length === 0 ? '' : `, or ask ${others.slice(0, 3).join(' or ')}`;
  return `Look yourself${agents}, not ${author}, and write it down: verify task ${saidId(task)} criterion=${open.id} "…"`;
};

/** Whether it may be merged, in words. */
const verdictText = ({ approved, batch, policy, review, state, to }: ReviewData): string => {
  if (batch !== null) return `merged in ${batch}`;
  if (review.taken_over) return `taken over: ${review.taken_over.worktree}`;
  if (approved) return `approved by ${actorText(review.decisions.at(-1)?.by ?? '')}`;
  const last = review.decisions.at(-1);
  const isSame = last?.commit === to;
  const was = isSame
    ? ' any more: this commit was, before its work was opened again'
    : ', another commit than the approved one';
  const before = last?.kind === 'approved' ? was : '';
  return `${state}, not approved${before}${policy === 'before-merge' ? ', and not merged before it is' : ''}`;
};

/** That the branch has gone on since, and how that comes to be checked. */
const beyondText = ({ task, to, beyond, batch, state }: ReviewData): string[] => {
  if (beyond === null) return [];
  const gone = `its branch is at ${beyond.slice(0, 10)} now, which no check has seen`;
  if (batch !== null) return [`${gone}; only ${to.slice(0, 10)} is merged`];
  if (state !== 'done') return [];
  return [
    `${gone}; what is approved and merged is ${to.slice(0, 10)}. To have that checked and merged as well: takeover task ${saidId(task)}; then: approve task ${saidId(task)}`,
  ];
};

const countText = (value: number | null, sign: string): string => (value === null ? 'binary' : `${sign}${value}`);

/** So many of the last lines that a failed check printed stand in a review: the failure itself has more of them. */
const PRINTED = 15;

const printedBy = ({ output }: ReviewData['gates'][number]): readonly string[] => {
  const lines = output === null ? [] : shown(output).trimEnd().split('\n');
  const left = lines.length - PRINTED;
  return [
    ...(left > 0 ? [`│ … ${plural(left, 'line')} before`] : []),
    ...lines.slice(-PRINTED).map((line) => `│ ${line}`),
  ];
};

const gateText = (gate: ReviewData['gates'][number]): readonly string[] => {
  const { name, passed, ms, text } = gate;
  const took = ms === null ? '' : ` in ${(ms / 1000).toFixed(1)} s`;
  const said = passed ? '' : `: ${shownLine(text)}`;
  return [
    `${passed ? '✔' : '✘'} ${name} ${passed ? 'passed' : 'failed'}${took}${said}`,
    ...printedBy(gate).map((line) => `    ${line}`),
  ];
};

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];

/** The head of a review: what the gates said, what the agent claims, what it cost and what shows each criterion. */
export const reviewHead = (data: ReviewData): readonly string[] => {
  const { task, title, author, attempt, branch, from, to, claim, gates, cost, criteria } = data;
  const ask = askText(data);
  return [
    `${task} ${shownLine(title)}: ${verdictText(data)}`,
    `${author}, attempt ${attempt}, on ${shownLine(branch)}, built on ${from.slice(0, 10)}, now at ${to.slice(0, 10)}`,
    ...beyondText(data),
    ...(cost.tokens > 0 ? [`cost: ${costText(cost)}`] : []),
    ...(claim === null ? [] : [`${author} says: ${shownLine(claim)}`]),
    ...section('gates', gates.length === 0 ? ['nothing ran on it'] : gates.flatMap(gateText)),
    ...section(
      'criteria',
      criteria.flatMap(({ id, text, evidence }) => [
        `${evidence.length > 0 ? '✔' : '✘'} ${id} ${shownLine(text)}`,
        ...(evidence.length > 0 ? evidence.map(proofText) : [NO_EVIDENCE]).map((line) => `    ${shownLine(line)}`),
      ]),
    ),
    ...(ask === undefined ? [] : [`  ${ask}`]),
  ];
};

/** A review as it is printed: no longer than there are files and comments. With the patch, that follows. */
export const drawReview = (data: ReviewData): string => {
  const { files, review, patch, cut, task } = data;
  const unseen = files.filter(({ seen }) => !seen).length;
  return shown(
    [
      ...reviewHead(data),
      ...section(
        `${plural(files.length, 'file')}, ${unseen} not seen`,
        files.map(
          ({ path, insertions, deletions, seen }) =>
            `${seen ? '✔' : '·'} ${shownLine(path)} ${countText(insertions, '+')}${insertions === null ? '' : ` ${countText(deletions, '−')}`}`,
        ),
      ),
      ...section(
        'comments',
        review.comments.map(
          ({ id, file, line, by, text, sent }) =>
            `${id} ${shownLine(file)}:${line} ${shownLine(actorText(by))}${sent ? ' (sent)' : ''}: ${shownLine(text)}`,
        ),
      ),
      ...(patch === null ? ['', `The change itself: review task ${saidId(task)} detailed`] : ['', patch.trimEnd()]),
      ...(cut ? ['… the rest is left out'] : []),
    ].join('\n'),
  );
};
