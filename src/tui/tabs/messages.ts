import { shownLine } from '../../lib/text.ts';
import type { AppEvent, State } from '../../state/index.ts';
import { type RunFact, type RunTold, runTold } from '../../text/run-told.ts';
import type { Piece } from '../widgets/pieces.ts';
import { withRelativeTimes } from '../model/relative-times.ts';
import type { Tab, TabContext, TabLine } from './tab.ts';
import type { TabState } from './tab-state.ts';

const TYPES = 'command.finished,alert.raised,run.claimed,run.verified,run.failed,instance.moved';

/**
 * Asks the journal for what people, agents and Drover said, so that nothing is missing after a restart. Reports of progress
 * are not asked for while they are folded: most of the latest events would be such.
 */
const queryFor = ({ isUnfolded }: Pick<TabState, 'isUnfolded'>): string =>
  `list events type=${TYPES}${isUnfolded ? ',run.progressed' : ''} limit=400`;

const SAYING = new Set([
  'tell',
  'answer',
  'approve',
  'deny',
  'report',
  'return',
  'comment',
  'takeover',
  'resolve',
  'assign',
  'reassign',
  'run',
  'retry',
  'launch',
  'stop',
  'merge',
  'pause',
  'resume',
]);

type Said = { readonly who: string; readonly to: string; readonly text: string; readonly style?: Omit<Piece, 'text'> };

type Fact<Type extends AppEvent['type']> = Extract<AppEvent, { type: Type }>;

const TONES: Readonly<Record<RunTold['tone'], Omit<Piece, 'text'>>> = {
  note: { dim: true },
  plain: {},
  good: { color: 'green' },
  unsure: { color: 'yellow' },
  bad: { color: 'red' },
};

const saidOfRun = (event: RunFact, state: State): Said | null => {
  const { who, task, what, text, tone } = runTold(event, state);
  // A number alone is on the board.
  if (event.type === 'run.progressed' && text === null) return null;
  return { who, to: '', text: `${task} ${what}${text === null ? '' : `: ${text}`}`, style: TONES[tone] };
};

const OF_A_MESSAGE = /^(?:waiting|failed):/u;

const saidBy = (event: AppEvent, { state, now }: Pick<TabContext, 'state' | 'now'>): Said | null => {
  switch (event.type) {
    case 'command.finished':
      if (!SAYING.has(event.data.verb)) return null;
      return { who: event.actor, to: '', text: event.data.text, style: event.data.exit === 0 ? {} : { color: 'red' } };
    case 'instance.moved': {
      const { question: text, instance_id: who } = event.data;
      return text === undefined ? null : { who, to: 'you', text, style: { color: 'yellow', bold: true } };
    }
    case 'alert.raised':
      // The question or the failure that such an alert tells of is a message of its own already.
      if (OF_A_MESSAGE.test(event.data.id)) return null;
      return { who: 'drover', to: 'you', text: withRelativeTimes(event.data.text, now), style: { color: 'yellow' } };
    case 'run.progressed':
    case 'run.claimed':
    case 'run.verified':
    case 'run.failed':
      return saidOfRun(event, state);
    default:
      return null;
  }
};

type Told = { readonly event: AppEvent; readonly claim: string | null };

/** What was said, where a claim that held is one line with that it did: with what the agent said of it. */
const withClaims = (events: readonly AppEvent[]): readonly Told[] => {
  const claims = new Map<string, Fact<'run.claimed'>>();
  const held = new Map<AppEvent, Fact<'run.claimed'>>();
  for (const event of events) {
    if (event.type === 'run.claimed') claims.set(event.data.id, event);
    if (event.type !== 'run.verified' && event.type !== 'run.failed') continue;
    const claim = claims.get(event.data.id);
    if (claim && event.type === 'run.verified') held.set(event, claim);
    claims.delete(event.data.id);
  }
  const merged = new Set<AppEvent>(held.values());
  return events.flatMap((event) =>
    merged.has(event) ? [] : [{ event, claim: held.get(event)?.data.summary ?? null }],
  );
};

const lineOf = ({ event, claim }: Told, { state, now }: Pick<TabContext, 'state' | 'now'>): TabLine[] => {
  const said = saidBy(event, { state, now });
  if (!said) return [];
  return [
    {
      id: String(event.seq),
      pieces: [
        { text: ` ${new Date(event.at).toTimeString().slice(0, 8)} `, dim: true },
        { text: `${shownLine(said.who)} `.padEnd(13), bold: true },
        { text: said.to === '' ? '' : `→ ${shownLine(said.to)}: `, dim: true },
        { ...said.style, text: shownLine(claim === null ? said.text : `${said.text}: ${claim}`) },
      ],
    },
  ];
};

/** What people and agents said to each other, the latest first. */
export const messagesTab: Tab = {
  modes: [],
  folds: () => 'progress',
  queries: ({ own }) => [{ text: queryFor(own), everyMs: 1000 }],
  body: (context) => {
    const { answers, own } = context;
    const reply = answers.get(queryFor(own));
    const title: Piece[] = [
      { text: 'messages', bold: true },
      { text: '  the latest first', dim: true },
    ];
    if (reply?.exit !== 0)
      return {
        columns: [{ title, lines: [], weight: 1, empty: shownLine(reply?.message ?? 'reading the journal …') }],
      };
    const events = reply.data as AppEvent[];
    const told = own.isUnfolded ? events.map((event) => ({ event, claim: null })) : withClaims(events);
    const lines = told.flatMap((one) => lineOf(one, context)).toReversed();
    return { columns: [{ title, lines, weight: 1, empty: 'Nothing was said yet. Say: tell INSTANCE "…"' }] };
  },
  keys: [{ action: 'open', help: 'show', command: (id) => `show event ${id}` }],
};
