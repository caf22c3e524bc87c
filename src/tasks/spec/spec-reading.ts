import { notText } from '../errors.ts';
import type { SpecLine } from './spec-lines.ts';
import { labelled, readRefs } from './spec-refs.ts';
import { LONGEST_LINE, readTaskLine, type TaskLine } from './spec-task-line.ts';

/** Something that a person may want to look at; `line` is 1-based. */
export type Warning = { readonly line: number; readonly message: string };

/** A task as far as it is read. */
export type SpecDraft = {
  head: TaskLine & { number: string };
  line: SpecLine;
  section: string | null;
  details: string[];
  requirements: Set<string>;
  all: boolean;
  depends: Set<string>;
  steps: { all: number; ticked: number };
};

/** What is known so far of a file that is being read. */
export type Reading = {
  file: string;
  title: string | null;
  section: string | null;
  /** Headings like `## 2. Storage`, which may turn out to be groups. */
  headings: Map<string, { title: string; line: number }>;
  drafts: Map<string, SpecDraft>;
  warnings: Warning[];
  /** The tasks that an indented line can belong to, the innermost last. */
  open: SpecDraft[];
  /** What the next line continues when it is plain text. */
  last: { draft: SpecDraft; kind: 'detail' | 'requirements' | 'depends' } | null;
  unnumbered: { line: number; title: string }[];
  /** Tasks whose number is there already. */
  duplicates: { line: number; number: string; first: number }[];
};

const warn = (to: Reading, line: number, message: string): void => void to.warnings.push({ line, message });

const indentOf = (draft: SpecDraft): number => (draft.head.heading ? -1 : draft.line.indent);

const readLabel = (
  to: Reading,
  draft: SpecDraft,
  found: { label: 'requirements' | 'depends'; list: string },
  at: number,
) => {
  const refs = readRefs(found.list);
  for (const id of refs.ids) (found.label === 'depends' ? draft.depends : draft.requirements).add(id);
  if (found.label === 'requirements') draft.all ||= refs.all;
  const what = found.label === 'depends' ? 'a task number' : 'a requirement';
  for (const text of refs.unknown) warn(to, at, `“${text}” is not read as ${what}`);
  const nothing = refs.ids.length === 0 && !(refs.all && found.label === 'requirements');
  // What is not understood stays a detail, so that the agent still reads it.
  if (nothing && refs.unknown.length > 0) draft.details.push(found.list);
  to.last = { draft, kind: found.label };
};

/** Boxes below a heading `Task 1: …` are its steps. */
const addStep = (to: Reading, draft: SpecDraft, head: TaskLine): void => {
  draft.details.push(head.title);
  draft.steps.all += 1;
  if (head.state === 'done') draft.steps.ticked += 1;
  to.last = { draft, kind: 'detail' };
};

const addTask = (to: Reading, line: SpecLine, head: TaskLine): void => {
  const around = to.open.findLast((draft) => indentOf(draft) < line.indent);
  // An ordered list inside of a task counts its steps; its numbers are no numbers of tasks.
  const number = head.ordinal && around ? null : head.number;
  if (number === null) {
    if (around?.head.heading) addStep(to, around, head);
    else to.unnumbered.push({ line: line.line, title: head.title });
    return;
  }
  const first = to.drafts.get(number)?.line.line;
  if (head.state === undefined) warn(to, line.line, `the mark [${head.mark}] of task ${number} is read as open`);
  if (head.title === '') warn(to, line.line, `task ${number} has no title`);
  const draft: SpecDraft = {
    head: { ...head, number },
    line,
    section: to.section,
    details: [],
    requirements: new Set(),
    all: false,
    depends: new Set(),
    steps: { all: 0, ticked: 0 },
  };
  // What is said below it is about it, whichever of the two it is.
  if (first === undefined) to.drafts.set(number, draft);
  else to.duplicates.push({ line: line.line, number, first });
  to.open = [...(head.heading ? [] : to.open.filter((other) => indentOf(other) < line.indent)), draft];
  to.last = null;
};

const levelOf = (draft: SpecDraft): number =>
  /^ *(?<hashes>#+)/u.exec(draft.line.text)?.groups?.['hashes']?.length ?? 0;

const addHeading = (to: Reading, line: SpecLine, hashes: string, text: string): void => {
  // Headings inside of a task that is a heading itself are part of it.
  to.open = to.open.filter((draft) => draft.head.heading && levelOf(draft) < hashes.length);
  to.last = null;
  if (to.open.length > 0) return void to.open.at(-1)!.details.push(text);
  if (hashes === '#' && to.title === null && to.drafts.size === 0) to.title = text;
  else to.section = text;
  const { number, title } = /^(?<number>\d+)[.:)]?[ \t]+(?<title>.+)$/u.exec(text)?.groups ?? {};
  if (number !== undefined && title !== undefined && !to.headings.has(number))
    to.headings.set(number, { title, line: line.line });
};

const addBullet = (to: Reading, line: SpecLine, text: string): void => {
  const draft = to.open.findLast((other) => indentOf(other) < line.indent) ?? to.open.at(-1);
  if (!draft) return;
  if (indentOf(draft) >= line.indent)
    warn(to, line.line, `a bullet that is not indented is taken as part of task ${draft.head.number}`);
  const label = labelled(text);
  if (label) readLabel(to, draft, label, line.line);
  else if (text === '') warn(to, line.line, 'an empty bullet');
  else {
    draft.details.push(text);
    to.last = { draft, kind: 'detail' };
  }
};

const addText = (to: Reading, line: SpecLine, text: string): void => {
  const label = labelled(text);
  const draft = to.open.findLast((other) => indentOf(other) < line.indent) ?? (label ? to.open.at(-1) : undefined);
  if (!draft) {
    if (to.open.length > 0) warn(to, line.line, `text that belongs to no task: “${text.slice(0, 60)}”`);
    return;
  }
  const before = to.last?.draft === draft ? to.last.kind : undefined;
  if (label) readLabel(to, draft, label, line.line);
  else if (before === 'requirements' || before === 'depends')
    readLabel(to, draft, { label: before, list: text }, line.line);
  else {
    draft.details.push(before === 'detail' ? `${draft.details.pop()} ${text}` : text);
    to.last = { draft, kind: 'detail' };
  }
};

const addCode = (to: Reading, line: SpecLine): void => {
  const draft = to.open.at(-1);
  if (/^[ \t]*[-*+][ \t]+\[[ xX~-]\]\*?[ \t]+\d/u.test(line.text))
    warn(to, line.line, 'a code block is not read as a task');
  if (!draft) return;
  const text = line.text.trimEnd().replace(new RegExp(`^[ \\t]{0,${Math.max(0, indentOf(draft) + 2)}}`, 'u'), '');
  const before = draft.details.pop();
  draft.details.push(before === undefined ? text : `${before}\n${text}`);
};

const RULE = /^(?:-[ \t]*){3,}$|^\*{3,}$|^_{3,}$/u;

const addPlain = (to: Reading, line: SpecLine, text: string): void => {
  const heading = /^(?<hashes>#{1,6})[ \t]+(?<title>.*?)(?:[ \t]+#+)?$/u.exec(text)?.groups;
  const bullet = /^(?:[-*+]|\d{1,9}[.)])(?:[ \t]+(?<rest>.*))?$/u.exec(text);
  if (heading && line.indent < 4) addHeading(to, line, heading['hashes']!, heading['title']!);
  else if (bullet) addBullet(to, line, bullet.groups?.['rest'] ?? '');
  else addText(to, line, text);
};

/** Takes in the next line. Throws when the file is no text. */
export const addLine = (to: Reading, line: SpecLine): void => {
  if (line.text.includes('\0')) throw notText({ file: to.file, line: line.line });
  const text = line.text.trim();
  const head = readTaskLine(line);
  if (line.text.length > LONGEST_LINE) warn(to, line.line, `a line of ${line.text.length} characters is not read`);
  else if (line.kind === 'code') addCode(to, line);
  else if (line.kind === 'comment' || text === '' || RULE.test(text)) to.last = null;
  else if (head) addTask(to, line, head);
  else addPlain(to, line, text);
};
