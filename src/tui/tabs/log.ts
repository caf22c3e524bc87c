import { saidId } from '../../protocol/say.ts';
import { shown, shownLine, withoutControls } from '../../lib/text.ts';
import { nameStyle } from '../model/instance-style.ts';
import type { Piece } from '../widgets/pieces.ts';
import type { Query, Tab, TabBody, TabColumn, TabContext, TabLine } from './tab.ts';

type Row = {
  readonly instance: string;
  readonly last: string;
  readonly found: readonly string[];
  readonly about?: readonly {
    readonly task: string | null;
    readonly since: string | null;
    readonly after?: string | null;
    readonly by?: string | null;
  }[];
};

const LOGS = 'list logs';
const SHOWN_LINES = 1000;
const showQuery = (instance: string): string => `show log ${saidId(instance)} limit=${SHOWN_LINES}`;

const searchWords = ({ own }: TabContext): string => own.filter.trim();
const searchQuery = (context: TabContext): string =>
  `list logs grep="${searchWords(context).replace(/["\\]/gu, '\\$&')}"`;

const chosenInstance = ({ own, instances, selected }: TabContext): string | null =>
  instances.find(({ instance_id: id }) => id === own.cursor)?.instance_id ??
  selected ??
  instances[0]?.instance_id ??
  null;

/** The text with the places marked where the words stand. */
const markWords = (text: string, wanted: string): readonly Piece[] => {
  const at = text.toLowerCase().indexOf(wanted.toLowerCase());
  if (at < 0) return [{ text }];
  const end = at + wanted.length;
  return [
    { text: text.slice(0, at) },
    { text: text.slice(at, end), inverse: true, bold: true },
    { text: text.slice(end) },
  ];
};

const colourOf = ({ state }: TabContext, id: string): Omit<Piece, 'text'> => {
  const instance = state.instances[id];
  return instance ? nameStyle(instance) : {};
};

const clock = (iso: string, length: 5 | 8): string => new Date(iso).toTimeString().slice(0, length);

/** A time is told to the second where it is known so well, and as about right where it is known to some seconds. */
const EXACT_MS = 1000;
const ABOUT_MS = 10_000;

/** When a line was printed, by the times between which that was; null where they are too far apart to say one. */
const printedAt = (after: string | null, by: string | null): string | null => {
  if (after === null || by === null) return null;
  const ms = Date.parse(by) - Date.parse(after);
  return ms > ABOUT_MS ? null : `${ms > EXACT_MS ? '≈' : ' '}${clock(by, 8)}`;
};

/** When a line was printed, and the task that it belongs to; where that time is not known, when the work on it began. */
const aboutPieces = (about: NonNullable<Row['about']>[number] | undefined): readonly Piece[] => {
  const { task = null, since = null, after = null, by = null } = about ?? {};
  const at = printedAt(after, by);
  const own: Piece = { text: at === null ? '   ' : `  ${at} `, dim: true };
  if (task === null) return [own];
  const began = at === null && since !== null ? `run began ${clock(since, 5)}  ` : '';
  return [own, { text: `${shownLine(task)}  `, bold: true }, { text: began, dim: true }];
};

const searchBody = (context: TabContext): TabBody => {
  const reply = context.answers.get(searchQuery(context));
  const title: Piece[] = [{ text: `“${searchWords(context)}” in the output of all agents`, bold: true }];
  if (reply?.exit !== 0)
    return { columns: [{ title, lines: [], weight: 1, empty: shownLine(reply?.message ?? 'searching …') }] };
  const lines = (reply.data as Row[]).flatMap(({ instance, found: hits, about = [] }): TabLine[] =>
    hits.length === 0
      ? []
      : [
          {
            heading: true,
            pieces: [
              { ...colourOf(context, instance), text: `■ ${instance} `, bold: true },
              { text: String(hits.length), dim: true },
            ],
          },
          ...hits.map(
            (line, i): TabLine => ({
              id: `${instance} ${i}`,
              pieces: [...aboutPieces(about[i]), ...markWords(shown(withoutControls(line)), searchWords(context))],
            }),
          ),
        ],
  );
  const note: Piece = { text: `  ${shownLine(reply.message)}`, dim: true };
  return { columns: [{ title: [...title, note], lines, weight: 1, empty: 'Nobody has printed that.' }] };
};

/** In fewer cells than these there is no room for the agents beside what one of them printed. */
const NARROW = 60;
const hasList = ({ size }: TabContext): boolean => size.width >= NARROW;

/** Whether there are lines to select. */
const hasLines = (context: TabContext): boolean => hasList(context) || searchWords(context) !== '';

const outputBody = (context: TabContext): TabBody => {
  const logs = context.answers.get(LOGS);
  const lasts = new Map(logs?.exit === 0 ? (logs.data as Row[]).map((row) => [row.instance, row.last]) : []);
  const id = chosenInstance(context);
  const list: TabColumn = {
    title: [{ text: 'agents', bold: true }],
    weight: 1,
    lines: context.instances.flatMap(({ instance_id }): TabLine[] => [
      {
        id: instance_id,
        pieces: [
          { ...colourOf(context, instance_id), text: '■ ' },
          { text: instance_id, bold: true },
        ],
      },
      { pieces: [{ text: `  ${shown(withoutControls(lasts.get(instance_id) ?? '')).trim()}`, dim: true }] },
    ]),
    empty: 'No agent has printed anything.',
  };
  if (id === null) return { columns: [list] };
  const reply = context.answers.get(showQuery(id));
  const text = reply?.exit === 0 ? (reply.data as { text: string }).text.trimEnd() : '';
  const output: TabColumn = {
    title: [
      { text: `output of ${id}`, bold: true },
      { text: '  / searches all', dim: true },
    ],
    weight: 3,
    lines: text === '' ? [] : text.split('\n').map((line) => ({ pieces: [{ text: shown(withoutControls(line)) }] })),
    empty: reply ? 'It has printed nothing.' : 'reading its log …',
    fromEnd: true,
  };
  return { columns: hasList(context) ? [list, output] : [output] };
};

/** Everything that agents printed: one after the other, or searched as a whole. */
export const logTab: Tab = {
  modes: [],
  queriesByFilter: true,
  queries: (context): readonly Query[] => {
    if (searchWords(context) !== '') return [{ text: searchQuery(context), everyMs: 2000, always: true }];
    const id = chosenInstance(context);
    const one = id === null ? [] : [{ text: showQuery(id), everyMs: 1000, always: true }];
    return [{ text: LOGS, everyMs: 2000, always: true }, ...one];
  },
  body: (context) => (searchWords(context) === '' ? outputBody(context) : searchBody(context)),
  keys: [
    { action: 'open', help: 'whole log', isOfUse: hasLines, command: (id) => `show log ${saidId(id.split(' ')[0]!)}` },
    { action: 'attach', help: 'attach', isOfUse: hasLines, command: (id) => `attach ${saidId(id.split(' ')[0]!)}` },
  ],
};
