import type { Review } from '../state/reviews.ts';
import type { Task } from '../state/tasks.ts';
import type { PatchFile } from './patch.ts';
import type { Proof, ReviewData } from './review-data.ts';

/** What a file of tests is called in the languages that there are. */
const TEST_FILE = /(?:^|\/)(?:tests?|specs?|__tests__|e2e)\/|[._-](?:test|spec)s?\.[^/]+$|(?:^|\/)test_[^/]+$/iu;

/** So many lines are named for one criterion, and so long. */
const MOST = 3;
const LONGEST = 160;

/**
 * Finds the id of a criterion where it is named as one: in brackets, at the beginning of a title, or behind a word for it. A
 * number alone, as in a version, is not it.
 */
const namesCriterion = (id: string): ((text: string) => boolean) => {
  const plain = id.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
  const before = String.raw`\[|["'\x60(]|\bAC[-. ]?|\breq(?:uirement)?s?[-. ]|\bcriteri(?:on|a)[-. ]`;
  const found = new RegExp(`(?:${before})${plain}(?![\\w-]|\\.\\d)`, 'iu');
  return (text) => text.length < 2000 && found.test(text);
};

const cut = (text: string): string => text.trim().slice(0, LONGEST);

const addedTests = (files: readonly PatchFile[]): readonly { readonly text: string; readonly where: string }[] =>
  files
    .filter(({ path }) => TEST_FILE.test(path))
    .flatMap(({ path, hunks }) =>
      hunks.flatMap(({ lines }) =>
        lines.flatMap(({ kind, text, newLine }) => (kind === 'added' ? [{ text, where: `${path}:${newLine}` }] : [])),
      ),
    );

/** The criteria that a task serves: those with their texts, then ids of which its plan has none. */
const criteriaOf = ({ acceptance_criteria, requirements }: Task): readonly { id: string; text: string }[] => {
  const known = acceptance_criteria.map((line, at) => {
    const { id, text } = /^(?<id>[\w.-]{1,40}): (?<text>.*)$/su.exec(line)?.groups ?? {};
    return { id: id ?? String(at + 1), text: text ?? line };
  });
  const bare = requirements.filter((id) => !known.some((one) => one.id === id || one.id.startsWith(`${id}.`)));
  return [...known, ...bare.map((id) => ({ id, text: '' }))];
};

type Work = {
  readonly task: Task;
  readonly files: readonly PatchFile[];
  readonly commit: string;
  readonly checkOutput: string;
  readonly review: Review;
};

/** What shows of each criterion that it is met. The word of whoever did the work counts for nothing here. */
export const evidenceFor = ({ task, files, commit, checkOutput, review }: Work): ReviewData['criteria'] => {
  const tests = addedTests(files);
  const printed = checkOutput.split('\n');
  return criteriaOf(task).map(({ id, text }) => {
    const isNamed = namesCriterion(id);
    const found: Proof[] = [
      ...tests
        .filter((line) => isNamed(line.text))
        .map((line) => ({ kind: 'test' as const, text: cut(line.text), where: line.where })),
      ...printed.filter(isNamed).map((line) => ({ kind: 'check' as const, text: cut(line), where: null })),
    ];
    const words = review.evidence
      .filter((one) => one.criterion === id && one.commit === commit)
      .map((one) => ({ kind: 'word' as const, text: one.text, where: one.by }));
    return { id, text, evidence: [...found.slice(0, MOST), ...words] };
  });
};
