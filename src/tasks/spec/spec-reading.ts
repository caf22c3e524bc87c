import { claimsIn, isClaimPattern } from '../claim-pattern.ts';
import { notText } from '../errors.ts';
import type { Mistake } from '../items/item.ts';
import { type Role, readHeading, type Warning } from './spec-entries.ts';
import type { SpecLine } from './spec-lines.ts';
import { type Label, labelled, readRefs, worded } from './spec-refs.ts';
import { looseOrderIn, trailersIn } from './spec-trailers.ts';
import { LONGEST_LINE, type TaskLine } from './spec-task-line.ts';

/** A task as far as it is read. */
export type SpecDraft = {
  number: string;
  title: string;
  /** Null where only its number stands there, without a box. */
  head: TaskLine | null;
  line: SpecLine;
  /** The headings it stands under, the nearest last. */
  sections: Reading['sections'];
  details: string[];
  requirements: Set<string>;
  all: boolean;
  depends: Set<string>;
  saysOrder: boolean;
  /** What it depends on in words that are no numbers. */
  names: { line: number; text: string }[];
  /** Numbers it depends on if they are those of tasks. */
  maybe: string[];
  /** Patterns of files that it claims; null where it says nothing of them. */
  files: string[] | null;
  steps: { line: SpecLine; head: TaskLine }[];
  /** Whether the plan has its line more than once. */
  again: TaskLine[];
};

/** What is known so far of a file that is being read. */
export type Reading = {
  file: string;
  title: string | null;
  sections: readonly { readonly level: number; readonly title: string }[];
  /** Headings like `## 2. Storage`, which may turn out to be groups. */
  headings: Map<string, { title: string; line: number }>;
  drafts: Map<string, SpecDraft>;
  warnings: Warning[];
  mistakes: Mistake[];
  /** The tasks that an indented line can belong to, the innermost last. */
  open: { draft: SpecDraft; indent: number; level: number }[];
  /** What the next line continues when it is plain text. */
  last: { draft: SpecDraft; kind: 'detail' | 'requirements' | 'depends'; goesOn: boolean } | null;
  /** The indent of the box that is no task and that lines below it belong to; null when there is none. */
  skipped: number | null;
};

const warn = (to: Reading, line: number, message: string): void => void to.warnings.push({ line, message });

const addRequirements = (to: Reading, draft: SpecDraft, refs: ReturnType<typeof readRefs>, at: number): void => {
  for (const id of refs.ids) draft.requirements.add(id);
  draft.all ||= refs.all;
  for (const text of refs.unknown)
    to.warnings.push({ line: at, message: `“${text}” is not read as a requirement`, rule: 'unread-reference' });
};

const readLabel = (to: Reading, draft: SpecDraft, { label, list }: Label, at: number): void => {
  const refs = readRefs(list);
  to.last = { draft, kind: label, goesOn: /[,;、，；]\s*$/u.test(list) };
  if (label === 'depends') {
    draft.saysOrder = true;
    for (const id of refs.ids) draft.depends.add(id);
    for (const text of refs.unknown) draft.names.push({ line: at, text });
    return;
  }
  addRequirements(to, draft, refs, at);
  // What is not understood stays a detail, so that the agent still reads it.
  if (refs.ids.length === 0 && !refs.all && refs.unknown.length > 0) draft.details.push(list);
};

const readWords = (draft: SpecDraft, text: string, at: number): void => {
  const { ids, maybe, unknown } = worded(text);
  for (const id of ids) draft.depends.add(id);
  draft.maybe.push(...maybe);
  draft.saysOrder ||= ids.length > 0 || unknown.length > 0;
  for (const name of unknown) draft.names.push({ line: at, text: name });
};

/** Takes in what a line claims; it stays a detail as well, so that the agent reads it. */
const readClaims = (to: Reading, draft: SpecDraft, text: string, at: number): void => {
  const patterns = claimsIn(text);
  if (!patterns) return;
  draft.files = [...(draft.files ?? []), ...patterns.filter(isClaimPattern)];
  for (const one of patterns)
    if (!isClaimPattern(one)) warn(to, at, `“${one}” is not claimed: a pattern begins at the top of the repository`);
};

const warnOrder = (to: Reading, draft: SpecDraft, said: string, at: number): void => {
  const message = `“${said}” is not read as what task ${draft.number} waits for`;
  to.warnings.push({ line: at, message, rule: 'unread-order' });
};

/** Takes in a labelled list that stands behind other words: what cannot be read of it may be a remark, and is no mistake. */
const readTrailer = (to: Reading, draft: SpecDraft, { label, list }: Label, at: number): void => {
  const refs = readRefs(list);
  if (label === 'requirements') {
    addRequirements(to, draft, refs, at);
    return;
  }
  for (const id of refs.ids) draft.depends.add(id);
  draft.saysOrder ||= refs.ids.length > 0 || refs.unknown.length === 0;
  for (const text of refs.unknown) warnOrder(to, draft, text, at);
};

/** Takes in what a text says of its task behind its other words. */
const readTrailers = (to: Reading, draft: SpecDraft, text: string, at: number): void => {
  for (const trailer of trailersIn(text)) {
    const label = labelled(trailer);
    if (label) readTrailer(to, draft, label, at);
    else readClaims(to, draft, trailer, at);
  }
};

const addDetail = (to: Reading, draft: SpecDraft, text: string, at: number): void => {
  draft.details.push(text);
  readClaims(to, draft, text, at);
  readWords(draft, text, at);
  readTrailers(to, draft, text, at);
  to.last = { draft, kind: 'detail', goesOn: true };
};

const addStep = (to: Reading, line: SpecLine, head: TaskLine): void => {
  const { draft } = (to.open.findLast(({ indent }) => indent < line.indent) ?? to.open.at(-1))!;
  const text = head.title === '' ? '(no text)' : head.title;
  addDetail(to, draft, text, line.line);
  draft.steps.push({ line, head });
};

const openDraft = (to: Reading, line: SpecLine, draft: SpecDraft): void => {
  const isHeading = draft.head?.heading ?? false;
  const indent = isHeading ? -1 : line.indent;
  const level = isHeading ? (readHeading(line)?.level ?? 0) : 0;
  to.open = [...(isHeading ? [] : to.open.filter((other) => other.indent < line.indent)), { draft, indent, level }];
  to.last = null;
};

const draftOf = (
  to: Reading,
  line: SpecLine,
  role: { number: string; title: string; head: TaskLine | null },
): SpecDraft => ({
  ...role,
  line,
  sections: to.sections,
  details: [],
  requirements: new Set(),
  all: false,
  depends: new Set(),
  saysOrder: false,
  names: [],
  maybe: [],
  files: null,
  steps: [],
  again: [],
});

const addTask = (to: Reading, line: SpecLine, role: Role & { kind: 'task' }): void => {
  const { number, head, title, again } = role;
  if (again) {
    const draft = to.drafts.get(number)!;
    draft.again.push(head);
    openDraft(to, line, draft);
    return;
  }
  if (head.state === undefined) warn(to, line.line, `the mark [${head.mark}] of task ${number} is read as open`);
  if (title === '') warn(to, line.line, `task ${number} has no title`);
  const draft = draftOf(to, line, { number, title, head });
  readWords(draft, title, line.line);
  readTrailers(to, draft, title, line.line);
  const loose = looseOrderIn(title);
  if (loose !== undefined) warnOrder(to, draft, loose, line.line);
  to.drafts.set(number, draft);
  openDraft(to, line, draft);
};

const addGroup = (to: Reading, line: SpecLine, { number, title }: Role & { kind: 'group' }): void => {
  const draft = draftOf(to, line, { number, title, head: null });
  to.drafts.set(number, draft);
  openDraft(to, line, draft);
};

const addHeading = (to: Reading, line: SpecLine, heading: NonNullable<ReturnType<typeof readHeading>>): void => {
  const { level, title } = heading;
  // Headings inside of a task that is a heading itself are part of it.
  to.open = to.open.filter((open) => open.level > 0 && open.level < level);
  to.last = null;
  const inside = to.open.at(-1)?.draft;
  if (inside) {
    inside.details.push(title);
    return;
  }
  if (level === 1 && to.title === null && to.drafts.size === 0) to.title = title;
  else to.sections = [...to.sections.filter((section) => section.level < level), { level, title }];
  const numbered = /^(?<number>\d+)[.:)]?[ \t]+(?<text>.+)$/u.exec(title)?.groups;
  if (numbered && !to.headings.has(numbered['number']!))
    to.headings.set(numbered['number']!, { title: numbered['text']!, line: line.line });
};

const addBullet = (to: Reading, line: SpecLine, text: string): void => {
  const open = to.open.findLast(({ indent }) => indent < line.indent) ?? to.open.at(-1);
  if (!open) return;
  const { draft, indent } = open;
  if (indent >= line.indent)
    warn(to, line.line, `a bullet that is not indented is taken as part of task ${draft.number}`);
  const label = labelled(text);
  if (label) readLabel(to, draft, label, line.line);
  else if (text === '') warn(to, line.line, 'an empty bullet');
  else addDetail(to, draft, text, line.line);
};

/** Whether a line goes on with the list of ids above it. */
const goesOn = (to: Reading, draft: SpecDraft, text: string): Label | undefined => {
  const { last } = to;
  if (last?.draft !== draft || last.kind === 'detail') return undefined;
  const { unknown } = readRefs(text);
  return last.goesOn || unknown.length === 0 ? { label: last.kind, list: text } : undefined;
};

const addText = (to: Reading, line: SpecLine, text: string): void => {
  const label = labelled(text);
  const open = to.open.findLast(({ indent }) => indent < line.indent) ?? (label ? to.open.at(-1) : undefined);
  if (!open) {
    if (to.open.length > 0) warn(to, line.line, `text that belongs to no task: “${text.slice(0, 60)}”`);
    return;
  }
  const { draft } = open;
  const list = label ?? goesOn(to, draft, text);
  if (list) readLabel(to, draft, list, line.line);
  else if (to.last?.draft === draft && to.last.kind === 'detail') {
    draft.details.push(`${draft.details.pop()} ${text}`);
    readTrailers(to, draft, text, line.line);
  } else addDetail(to, draft, text, line.line);
};

const addCode = (to: Reading, line: SpecLine): void => {
  const open = to.open.at(-1);
  if (/^[ \t]*[-*+][ \t]+\[[ xX~-]\]\*?[ \t]+\d/u.test(line.text))
    warn(to, line.line, 'a code block is not read as a task');
  if (!open) return;
  const { draft, indent } = open;
  const text = line.text.trimEnd().replace(new RegExp(`^[ \\t]{0,${Math.max(0, indent + 2)}}`, 'u'), '');
  const before = draft.details.pop();
  draft.details.push(before === undefined ? text : `${before}\n${text}`);
};

const RULE = /^(?:-[ \t]*){3,}$|^\*{3,}$|^_{3,}$/u;

const addPlain = (to: Reading, line: SpecLine, text: string): void => {
  const heading = line.indent < 4 ? readHeading(line) : undefined;
  if (to.skipped !== null && !heading && line.indent > to.skipped) return;
  to.skipped = null;
  const bullet = /^(?:[-*+]|\d{1,9}[.)])(?:[ \t]+(?<rest>.*))?$/u.exec(text);
  if (heading) addHeading(to, line, heading);
  else if (bullet) addBullet(to, line, bullet.groups?.['rest'] ?? '');
  else addText(to, line, text);
};

const addRole = (to: Reading, line: SpecLine, role: Role): void => {
  to.skipped = null;
  if (role.kind === 'task') addTask(to, line, role);
  else if (role.kind === 'group') addGroup(to, line, role);
  else if (role.kind === 'step') addStep(to, line, role.head);
  else if (readHeading(line)) addPlain(to, line, line.text.trim());
  else {
    // A criterion belongs to no task, and neither does what stands below it.
    to.open = to.open.filter(({ indent }) => indent < line.indent);
    to.last = null;
    to.skipped = line.indent;
  }
};

/** Takes in the next line, which has this role. Throws when the file is no text. */
export const addLine = (to: Reading, line: SpecLine, role: Role | undefined): void => {
  if (line.text.includes('\0')) throw notText({ file: to.file, line: line.line });
  const text = line.text.trim();
  if (line.text.length > LONGEST_LINE) warn(to, line.line, `a line of ${line.text.length} characters is not read`);
  else if (line.kind === 'code') addCode(to, line);
  else if (line.kind === 'comment' || text === '' || RULE.test(text)) to.last = null;
  else if (role) addRole(to, line, role);
  else addPlain(to, line, text);
};
