import { shown, shownLine } from '../lib/text.ts';
import type { AppEvent, State } from '../state/index.ts';
import { runTold } from './run-told.ts';
import { agoText } from './since-text.ts';

type Told = {
  readonly kind: string;
  readonly who: string;
  readonly to?: string;
  readonly task?: string | null;
  readonly text?: string | null;
  /** The fields of the event that this tells already. */
  readonly told: readonly string[];
};

/** The fields of an event about a run that its wording tells already. */
const RUN_FIELDS = ['id', 'progress', 'note', 'summary', 'class', 'message'];

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
    case 'run.failed': {
      const { who, task, what, text } = runTold(event, state);
      return { kind: what, who, task, text, told: RUN_FIELDS };
    }
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
