import { shownLine } from '../../lib/text.ts';
import type { AppEvent, State } from '../../state/index.ts';
import type { Piece } from '../widgets/pieces.ts';
import type { Tab, TabLine } from './tab.ts';

/** Asks the journal for what people, agents and Drover said, so that nothing is missing after a restart. */
const MESSAGES_QUERY = 'list events type=command.finished,alert.raised,run,instance.moved limit=400';

const SAYING = new Set([
  'tell',
  'answer',
  'approve',
  'deny',
  'report',
  'run',
  'retry',
  'launch',
  'stop',
  'merge',
  'pause',
  'resume',
]);

type Said = { readonly who: string; readonly to: string; readonly text: string; readonly style?: Omit<Piece, 'text'> };

/** The instance whose run an event about a task tells of: the one that has the task now, or had it last. */
const workerOf = (state: State, id: string): string =>
  state.tasks[id]?.run?.instance ?? state.tasks[id]?.assignee ?? '?';

type Fact<Type extends AppEvent['type']> = Extract<AppEvent, { type: Type }>;

const ofRun = (
  event: Fact<'run.progressed' | 'run.claimed' | 'run.verified' | 'run.failed'>,
  state: State,
): Said | null => {
  const who = workerOf(state, event.data.id);
  const about = (text: string, style: Said['style'] = {}): Said => ({
    who,
    to: '',
    text: `${event.data.id} ${text}`,
    style,
  });
  switch (event.type) {
    case 'run.progressed':
      return event.data.note === null ? null : about(`${event.data.progress}% ${event.data.note}`, { dim: true });
    case 'run.claimed':
      return about(event.data.summary === null ? 'reports done' : `reports done: ${event.data.summary}`);
    case 'run.verified':
      return about('is verified', { color: 'green' });
    case 'run.failed':
      return about(`failed (${event.data.failure.class}): ${event.data.failure.message}`, { color: 'red' });
  }
};

const saidBy = (event: AppEvent, state: State): Said | null => {
  switch (event.type) {
    case 'command.finished':
      if (!SAYING.has(event.data.verb)) return null;
      return { who: event.actor, to: '', text: event.data.text, style: event.data.exit === 0 ? {} : { color: 'red' } };
    case 'instance.moved': {
      const { question: text, instance_id: who } = event.data;
      return text === undefined ? null : { who, to: 'you', text, style: { color: 'yellow', bold: true } };
    }
    case 'alert.raised':
      // The question that such an alert tells of is a message of its own already.
      if (event.data.id.startsWith('waiting:')) return null;
      return { who: 'drover', to: 'you', text: event.data.text, style: { color: 'yellow' } };
    case 'run.progressed':
    case 'run.claimed':
    case 'run.verified':
    case 'run.failed':
      return ofRun(event, state);
    default:
      return null;
  }
};

const lineOf = (event: AppEvent, state: State): TabLine[] => {
  const said = saidBy(event, state);
  if (!said) return [];
  return [
    {
      id: String(event.seq),
      pieces: [
        { text: ` ${new Date(event.at).toTimeString().slice(0, 8)} `, dim: true },
        { text: `${shownLine(said.who)} `.padEnd(13), bold: true },
        { text: said.to === '' ? '' : `→ ${shownLine(said.to)}: `, dim: true },
        { ...said.style, text: shownLine(said.text) },
      ],
    },
  ];
};

/** What people and agents said to each other, the latest first. */
export const messagesTab: Tab = {
  modes: [],
  folds: () => 'progress',
  queries: () => [{ text: MESSAGES_QUERY, everyMs: 1000 }],
  body: ({ answers, state, own }) => {
    const reply = answers.get(MESSAGES_QUERY);
    const title: Piece[] = [
      { text: 'messages', bold: true },
      { text: '  the latest first', dim: true },
    ];
    if (reply?.exit !== 0)
      return {
        columns: [{ title, lines: [], weight: 1, empty: shownLine(reply?.message ?? 'reading the journal …') }],
      };
    // Reports of progress would drown what is said; the panes show them anyway.
    const isShown = ({ type }: AppEvent): boolean => own.isUnfolded || type !== 'run.progressed';
    const told = (reply.data as AppEvent[]).filter(isShown);
    const lines = told.flatMap((event) => lineOf(event, state)).toReversed();
    return { columns: [{ title, lines, weight: 1, empty: 'Nothing was said yet. Say: tell INSTANCE "…"' }] };
  },
  keys: [{ action: 'open', help: 'show', command: (id) => `show event ${id}` }],
};
