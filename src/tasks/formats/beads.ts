import { oneLine } from '../../lib/text.ts';
import type { TaskPlan } from '../../state/tasks.ts';
import type { Mistake } from '../items/item.ts';
import type { Warning } from '../spec/spec-entries.ts';
import { elementsOf, fieldIn, type JsonNode, numberIn, readJsonTree, textIn } from './json-source.ts';
import type { PlanFormat, PlanText } from './plan-format.ts';
import { type PlanRecord, type ReadRecords, type RecordState, readingOf, textsIn } from './record-plan.ts';
import { writeBeads } from './write-beads.ts';

const STATES: Readonly<Record<string, RecordState>> = {
  open: 'open',
  in_progress: 'in-progress',
  hooked: 'in-progress',
  closed: 'done',
  deferred: 'held',
  blocked: 'blocked',
  cancelled: 'cancelled',
  canceled: 'cancelled',
};

/** From critical to backlog. */
const PRIORITIES: readonly TaskPlan['priority'][] = ['urgent', 'high', 'normal', 'low', 'low'];

/** Kinds of dependency that keep an issue from being ready; `parent-child` says what it is a part of. */
const BLOCKING: ReadonlySet<string> = new Set(['blocks', 'conditional-blocks', 'waits-for']);

type Line = { readonly text: string; readonly start: number; readonly line: number };

const linesOf = (text: string): Line[] => {
  const lines: Line[] = [];
  let start = 0;
  for (const [index, content] of text.split('\n').entries()) {
    if (content.replace(/^\uFEFF/u, '').trim() !== '') lines.push({ text: content, start, line: index + 1 });
    start += content.length + 1;
  }
  return lines;
};

/** Lines that are no work: memories, what was deleted, what is kept for reference. */
const isNoWork = (node: JsonNode): boolean =>
  ['memory'].includes(textIn(node, '_type')) ||
  ['tombstone', 'pinned'].includes(textIn(node, 'status')) ||
  ['is_template', 'ephemeral', 'pinned'].some((name) => fieldIn(node, name)?.value === true);

type Reading = {
  readonly records: PlanRecord[];
  readonly mistakes: Mistake[];
  readonly warnings: Warning[];
  readonly skipped: Set<string>;
};

type Link = { readonly kind: string; readonly on: string };

const linksIn = (to: Reading, node: JsonNode, id: string, line: number): Link[] =>
  elementsOf(fieldIn(node, 'dependencies')).flatMap((one) => {
    const kind = textIn(one, 'type') || 'blocks';
    const on = one.type === 'string' ? String(one.value).trim() : textIn(one, 'depends_on_id');
    if (on !== '') return [{ kind, on }];
    const fix = 'A dependency is an object with "depends_on_id" and "type".';
    to.mistakes.push({ line, message: `task ${id} has a dependency that names no task`, fix });
    return [];
  });

/** Issues of other trackers are named so. */
const isElsewhere = ({ on }: Link): boolean => on.startsWith('external:');

/** What waits for an issue of another tracker is held back: nobody here sees when that is closed. */
const heldFor = (to: Reading, links: readonly Link[], line: number): boolean => {
  const elsewhere = links.filter((link) => BLOCKING.has(link.kind) && isElsewhere(link));
  for (const { on } of elsewhere)
    to.warnings.push({
      line,
      message: `it waits for ${oneLine(on)} of another tracker, and is held back until somebody resumes it`,
    });
  return elsewhere.length > 0;
};

const stateIn = (to: Reading, node: JsonNode, place: Line): Pick<PlanRecord, 'state' | 'mark'> => {
  const status = fieldIn(node, 'status');
  if (status?.type !== 'string') return { state: 'open', mark: null };
  const said = String(status.value);
  if (!Object.hasOwn(STATES, said))
    to.warnings.push({ line: place.line, message: `the status “${oneLine(said)}” is read as open` });
  const mark = { node: { ...status, offset: status.offset + place.start }, tick: '"closed"' };
  return { state: Object.hasOwn(STATES, said) ? STATES[said]! : 'open', mark };
};

const MINUTE = 60_000;

const planIn = (node: JsonNode): Partial<TaskPlan> => {
  const minutes = numberIn(node, 'estimated_minutes');
  const criteria = textIn(node, 'acceptance_criteria');
  return {
    priority: PRIORITIES[numberIn(node, 'priority') ?? 2] ?? 'normal',
    ...(criteria === '' ? {} : { acceptance_criteria: [criteria] }),
    ...(minutes === null || minutes < 0 ? {} : { estimated_duration: minutes * MINUTE }),
  };
};

const addIssue = (to: Reading, place: Line): void => {
  const { line } = place;
  const read = readJsonTree(place.text);
  if ('mistake' in read) {
    const { message, fix } = read.mistake;
    to.mistakes.push({ line, message, fix });
    return;
  }
  const id = textIn(read.root, 'id');
  if (isNoWork(read.root)) {
    to.skipped.add(id);
    return;
  }
  if (id === '') {
    to.mistakes.push({
      line,
      message: 'this is no issue: it has no id',
      fix: 'An issue is an object with an id and a title.',
    });
    return;
  }
  const links = linksIn(to, read.root, id, line);
  const { state, mark } = stateIn(to, read.root, place);
  const isHeld = state !== 'done' && heldFor(to, links, line);
  to.records.push({
    id,
    title: oneLine(textIn(read.root, 'title')),
    line,
    parent: links.find(({ kind }) => kind === 'parent-child')?.on ?? null,
    needs: links.filter((link) => BLOCKING.has(link.kind) && !isElsewhere(link)).map(({ on }) => on),
    state: isHeld ? 'held' : state,
    mark,
    description: textIn(read.root, 'description'),
    details: textsIn(read.root, ['design', 'notes']),
    plan: planIn(read.root),
  });
};

/** What was deleted holds nobody up and has no parts; neither does an issue of another tracker. */
const withoutSkipped = ({ records, skipped }: Reading): PlanRecord[] => {
  const known = new Set(records.map(({ id }) => id));
  return records.map((record) => ({
    ...record,
    parent: record.parent !== null && known.has(record.parent) ? record.parent : null,
    needs: record.needs.filter((need) => !skipped.has(need)),
  }));
};

const recordsIn = (text: string): ReadRecords => {
  const to: Reading = { records: [], mistakes: [], warnings: [], skipped: new Set() };
  for (const line of linesOf(text)) addIssue(to, line);
  return { ...to, records: withoutSkipped(to) };
};

/** One whole object a line, of which the first has the marks of an issue. */
const looksSo = (text: string, isBroken: boolean): boolean => {
  const [first] = linesOf(text);
  const read = first ? readJsonTree(first.text) : undefined;
  if (!read) return false;
  if ('mistake' in read) return isBroken;
  if (fieldIn(read.root, 'id')?.type !== 'string') return false;
  return ['issue_type', 'status', '_type'].some((name) => fieldIn(read.root, name) !== undefined);
};

/** Issues of beads, as its JSON lines. */
export const beads: PlanFormat = {
  id: 'beads',
  label: 'beads',
  hasCancelled: false,
  recognises: (name, text) => name.endsWith('.jsonl') && looksSo(text, /(?:^|\/)\.beads\//u.test(name)),
  read: ({ tasksText }: PlanText) => readingOf(recordsIn(tasksText), 'an issue says its "status" as a text'),
  write: writeBeads,
};
