import { oneLine } from '../../lib/text.ts';
import type { TaskPlan } from '../../state/tasks.ts';
import type { Mistake } from '../items/item.ts';
import { specPrefix } from '../spec/number.ts';
import type { Warning } from '../spec/spec-entries.ts';
import {
  elementsOf,
  fieldIn,
  fieldsOf,
  type JsonNode,
  lineFinder,
  numberIn,
  readJsonTree,
  shown,
  textIn,
} from './json-source.ts';
import type { PlanFormat, PlanText } from './plan-format.ts';
import { type PlanRecord, type ReadRecords, type RecordState, readingOf, textsIn } from './record-plan.ts';
import { writeTaskmaster } from './write-taskmaster.ts';

const STATES: Readonly<Record<string, RecordState>> = {
  pending: 'open',
  todo: 'open',
  open: 'open',
  review: 'in-progress',
  'in-progress': 'in-progress',
  in_progress: 'in-progress',
  done: 'done',
  completed: 'done',
  cancelled: 'cancelled',
  canceled: 'cancelled',
  deferred: 'held',
  blocked: 'blocked',
};

const PRIORITIES: Readonly<Record<string, TaskPlan['priority']>> = {
  low: 'low',
  medium: 'normal',
  high: 'high',
  critical: 'urgent',
};

/** What is read so far, and what is told of it. */
type Reading = {
  readonly lineOf: (node: JsonNode) => number;
  readonly records: PlanRecord[];
  readonly mistakes: Mistake[];
  readonly warnings: Warning[];
};

/** The lists of a file by their tags; a plain file has one without. */
const listsIn = (root: JsonNode): readonly (readonly [tag: string | null, tasks: JsonNode])[] => {
  const plain = fieldIn(root, 'tasks');
  if (plain?.type === 'array') return [[null, plain]];
  return fieldsOf(root).flatMap(([tag, node]) => {
    const tasks = fieldIn(node, 'tasks');
    return tasks?.type === 'array' ? [[tag, tasks] as const] : [];
  });
};

const idOf = (node: JsonNode): string | undefined => {
  const id = fieldIn(node, 'id');
  const text = id?.type === 'number' || id?.type === 'string' ? String(id.value).trim() : '';
  return text === '' ? undefined : text;
};

type Place = { readonly prefix: string; readonly parent: string | null; readonly known: ReadonlySet<string> };

/** `1` in a subtask of 5 is 5.1 where that is there, else the task 1. */
const needOf = (node: JsonNode, { parent, known }: Place): string | undefined => {
  if (node.type !== 'number' && node.type !== 'string') return undefined;
  const said = String(node.value).trim();
  const sibling = `${parent}.${said}`;
  if (parent !== null && known.has(sibling)) return sibling;
  return known.has(said) ? said : undefined;
};

const needsIn = (to: Reading, node: JsonNode, id: string, place: Place): string[] => {
  const list = fieldIn(node, 'dependencies');
  if (list && list.type !== 'array' && list.type !== 'null') {
    const fix = 'Say a list of ids, e.g. [1, 2].';
    to.mistakes.push({
      line: to.lineOf(list),
      message: `task ${id} depends on ${oneLine(shown(list))}, which is no list`,
      fix,
    });
  }
  return elementsOf(list).flatMap((one) => {
    const need = needOf(one, place);
    if (need !== undefined) return [`${place.prefix}${need}`];
    const fix = 'Name the id of a task of this list, or take it out.';
    to.mistakes.push({
      line: to.lineOf(one),
      message: `task ${id} depends on ${oneLine(shown(one))}, which is no task`,
      fix,
    });
    return [];
  });
};

const stateIn = (to: Reading, node: JsonNode, id: string): Pick<PlanRecord, 'state' | 'mark'> => {
  const status = fieldIn(node, 'status');
  if (status?.type !== 'string') return { state: 'open', mark: null };
  const said = String(status.value).trim().toLowerCase();
  const state = Object.hasOwn(STATES, said) ? STATES[said]! : 'open';
  if (!Object.hasOwn(STATES, said))
    to.warnings.push({
      line: to.lineOf(status),
      message: `the status “${oneLine(said)}” of task ${id} is read as pending`,
    });
  return { state, mark: { node: status, tick: '"done"' } };
};

const planIn = (node: JsonNode): Partial<TaskPlan> => {
  const priority = textIn(node, 'priority').toLowerCase();
  const complexity = numberIn(node, 'complexity');
  const criteria = textIn(node, 'testStrategy');
  return {
    priority: Object.hasOwn(PRIORITIES, priority) ? PRIORITIES[priority]! : 'normal',
    ...(criteria === '' ? {} : { acceptance_criteria: [criteria] }),
    ...(complexity !== null && complexity >= 1 && complexity <= 10 ? { complexity_score: complexity } : {}),
  };
};

/** `5` and `1` are 5.1; a subtask may say that itself. */
const fullId = (own: string, parent: string | null): string =>
  parent === null || own.startsWith(`${parent}.`) ? own : `${parent}.${own}`;

const addTask = (to: Reading, node: JsonNode, place: Place): void => {
  const own = idOf(node);
  if (own === undefined) {
    to.mistakes.push({
      line: to.lineOf(node),
      message: 'there is a task without an id',
      fix: 'Give it the next number.',
    });
    return;
  }
  const inList = fullId(own, place.parent);
  const id = `${place.prefix}${inList}`;
  const subtasks = elementsOf(fieldIn(node, 'subtasks'));
  to.records.push({
    id,
    title: oneLine(textIn(node, 'title')),
    line: to.lineOf(node),
    parent: place.parent === null ? null : `${place.prefix}${place.parent}`,
    needs: needsIn(to, node, id, place),
    ...stateIn(to, node, id),
    description: textIn(node, 'description'),
    details: textsIn(node, ['details']),
    plan: planIn(node),
  });
  for (const subtask of subtasks) addTask(to, subtask, { ...place, parent: inList });
};

const idsBelow = (node: JsonNode, parent: string | null): string[] => {
  const own = idOf(node);
  if (own === undefined) return [];
  const id = fullId(own, parent);
  return [id, ...elementsOf(fieldIn(node, 'subtasks')).flatMap((one) => idsBelow(one, id))];
};

const recordsIn = (text: string): ReadRecords => {
  const lineAt = lineFinder(text);
  const read = readJsonTree(text);
  if ('mistake' in read) {
    const { at, ...mistake } = read.mistake;
    return { records: [], mistakes: [{ ...mistake, line: lineAt(at) }], warnings: [] };
  }
  const to: Reading = { lineOf: ({ offset }) => lineAt(offset), records: [], mistakes: [], warnings: [] };
  const lists = listsIn(read.root);
  // Numbers are those of a list: only where there are several do the others get their names in front.
  const main = lists.find(([tag]) => tag === 'master') ?? lists[0];
  for (const list of lists) {
    const [tag, tasks] = list;
    const prefix = list === main || tag === null ? '' : specPrefix(tag);
    const known = new Set(elementsOf(tasks).flatMap((node) => idsBelow(node, null)));
    for (const node of elementsOf(tasks)) addTask(to, node, { prefix, parent: null, known });
  }
  return to;
};

const isTask = (node: JsonNode | undefined): boolean =>
  node !== undefined && fieldIn(node, 'id') !== undefined && fieldIn(node, 'title') !== undefined;

/** An object with a list `tasks`, or with objects that have one. */
const looksSo = (text: string): boolean => {
  const read = readJsonTree(text);
  if ('mistake' in read || read.root.type !== 'object') return false;
  const lists = listsIn(read.root);
  return lists.length > 0 && lists.every(([, tasks]) => tasks.children!.length === 0 || tasks.children!.some(isTask));
};

/** Claude Task Master's `tasks.json`, plain or with tags. */
export const taskmaster: PlanFormat = {
  id: 'taskmaster',
  label: 'Task Master',
  hasCancelled: true,
  recognises: (name, text) =>
    /^\uFEFF?\s*\{/u.test(text) && (/(?:^|\/)\.taskmaster\//u.test(name) || (name.endsWith('.json') && looksSo(text))),
  read: ({ tasksText }: PlanText) => readingOf(recordsIn(tasksText), 'a task says its "status" as a text'),
  write: writeTaskmaster,
};
