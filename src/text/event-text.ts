import { shown, shownLine } from '../lib/text.ts';
import type { AppEvent, State } from '../state/index.ts';
import { isUncheckedResult } from '../tasks/select.ts';
import { agoText } from './since-text.ts';

type Fact<Type extends AppEvent['type']> = Extract<AppEvent, { type: Type }>;
export type RunFact = Fact<'run.progressed' | 'run.claimed' | 'run.verified' | 'run.failed'>;

/** The instance whose run an event about a task tells of: the one that had begun it last by then. */
export const workerOf = ({ tasks }: State, { at, data: { id } }: Pick<RunFact, 'at' | 'data'>): string => {
  const { run = null, history = [], assignee = null } = tasks[id] ?? {};
  const runs = [...history, ...(run ? [run] : [])];
  return (runs.findLast(({ started_at }) => started_at <= at) ?? run)?.instance ?? assignee ?? '?';
};

type Told = {
  readonly kind: string;
  readonly who: string;
  readonly to?: string;
  readonly task?: string | null;
  readonly text?: string | null;
  /** The fields of the event that this tells already. */
  readonly told: readonly string[];
};

const ofRun = (event: RunFact, state: State): Told => {
  const run = { who: workerOf(state, event), task: event.data.id };
  switch (event.type) {
    case 'run.progressed':
      return { ...run, kind: 'a report of progress', text: event.data.note, told: ['id', 'note'] };
    case 'run.claimed':
      return { ...run, kind: 'a report that a task is done', text: event.data.summary, told: ['id', 'summary'] };
    case 'run.verified': {
      const kind = isUncheckedResult(event.data.result) ? 'work that is done, unchecked' : 'work that is verified';
      return { ...run, kind, told: ['id'] };
    }
    case 'run.failed':
      return { ...run, kind: 'an attempt that failed', text: event.data.failure.message, told: ['id', 'message'] };
  }
};

const toldOf = (event: AppEvent, state: State): Told => {
  switch (event.type) {
    case 'command.finished': {
      const { exit, text } = event.data;
      const kind = exit === 0 ? 'a command' : 'a command that did not succeed';
      return { kind, who: event.actor, text, told: ['id', 'text', 'verb', 'noun'] };
    }
    case 'alert.raised': {
      const { task, text } = event.data;
      return { kind: 'an alert', who: 'drover', to: 'you', task, text, told: ['task', 'text'] };
    }
    case 'run.progressed':
    case 'run.claimed':
    case 'run.verified':
    case 'run.failed':
      return ofRun(event, state);
    default:
      if (event.type === 'instance.moved' && event.data.question !== undefined) {
        const { instance_id: who, question: text } = event.data;
        return { kind: 'a question', who, to: 'you', text, told: ['instance_id', 'question'] };
      }
      return { kind: event.type.replaceAll(/[._]/gu, ' '), who: event.actor, told: [] };
  }
};

type Field = readonly [name: string, value: string];

/** A value in words; what has parts of its own is told by those, and a list of such by how many there are. */
const fieldsOf = (name: string, value: unknown, told: readonly string[]): readonly Field[] => {
  if (value === null || value === undefined || value === '') return [];
  if (Array.isArray(value)) {
    if (value.length === 0) return [];
    const isPlain = value.every((one) => typeof one !== 'object');
    return [[name, isPlain ? value.join(', ') : String(value.length)]];
  }
  if (typeof value !== 'object') return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, part]) => (told.includes(key) ? [] : fieldsOf(key, part, told)));
};

const WIDTH = 11;

const lineOf = ([name, value]: Field): string => {
  const head = `${shownLine(name).replaceAll('_', ' ')}:`;
  const [first = '', ...rest] = shown(value).trimEnd().split('\n');
  return [`${head.padEnd(WIDTH)} ${first}`, ...rest.map((line) => `${' '.repeat(WIDTH)} ${line}`)].join('\n');
};

/** What an event of the journal says, for people: who said what to whom, and when, then what else it tells. */
export const eventText = (event: AppEvent, state: State, now: string): string => {
  const { kind, who, to = '', task = null, text = null, told } = toldOf(event, state);
  const title = task === null ? undefined : state.tasks[task]?.title;
  const fields: readonly Field[] = [
    ['who', who],
    ['to', to],
    ['when', agoText(event.at, now)],
    ['kind', `${kind} (${event.type})`],
    ['task', title === undefined ? (task ?? '') : `${task} ${title}`],
    ['text', text ?? ''],
  ];
  const lines = [...fields.filter(([, value]) => value !== ''), ...fieldsOf('', event.data, told)].map(lineOf);
  return [`Event ${event.seq}`, ...lines].join('\n');
};
