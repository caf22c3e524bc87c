import type { Attention, MaySay } from '../../attention/attention.ts';
import type { Need } from '../../attention/needs.ts';
import { shownLine } from '../../lib/text.ts';
import { saidId, saidText } from '../../protocol/say.ts';
import type { Alert } from '../../state/alerts.ts';
import { suggestionText } from '../answering/suggestion.ts';
import { ageOf, withRelativeTimes } from '../model/relative-times.ts';
import { ALERT_MARKS, NEED_MARKS } from '../model/state-marks.ts';
import { type Piece, widthOf } from '../widgets/pieces.ts';
import { wrapLines } from '../widgets/wrap-lines.ts';
import { evidenceBelow, evidenceColumn, evidenceCommand, evidenceQueries } from './alert-evidence.ts';
import type { OpenTab, Tab, TabBody, TabContext, TabLine, TabPressed } from './tab.ts';
import { columnWidths, isMatched } from './tab-window.ts';

type Entry = {
  readonly id: string;
  readonly mark: Piece;
  readonly text: string;
  readonly since: string;
  readonly help: string | null;
  /** It is trouble, and not only news: then it is never said that nothing has to be done. */
  readonly isTrouble: boolean;
  /** The command that takes it out of sight for good; null for a question, whose agent waits. */
  readonly dismissal: string | null;
};

/** What a person can do who wants no more of it: an agent that is broken is stopped, of anything else the alert goes. */
export const dismissalOf = ({ kind, alert, instance }: Need): string | null => {
  if (kind === 'lost') return `stop instance ${saidId(instance!)}`;
  return kind === 'question' || alert === null ? null : `clear alert ${saidText(alert)}`;
};

const needEntry = (need: Need): Entry => {
  const { key, alert, text, since, help } = need;
  const { glyph, style } = NEED_MARKS[need.kind];
  const mark = { ...style, text: ` ${glyph} ` };
  return { id: alert ?? key, mark, text, since, help, isTrouble: true, dismissal: dismissalOf(need) };
};

const noticeEntry = ({ id, severity, text, raised_at, suggestion }: Alert): Entry => {
  // Only what needs a person is yellow or red.
  const mark = { text: ` ${ALERT_MARKS[severity].glyph} `, dim: true };
  const dismissal = `clear alert ${saidText(id)}`;
  return { id, mark, text, since: raised_at, help: suggestion, isTrouble: severity !== 'info', dismissal };
};

/** Cells before what is said of an entry, for its age with the blanks around it, and before the command that helps. */
const MARK = 3;
const AGE = 6;
const HELP = 5;

/** What stands in the place of a command that helps, where there is none for who reads it. */
const withoutHelp = ({ isTrouble, dismissal }: Entry, maySay: MaySay): string => {
  if (!isTrouble) return 'nothing has to be done';
  return dismissal !== null && maySay(dismissal)
    ? 'no command here helps; x clears it once you have read it'
    : 'no command of yours helps with it';
};

type Seen = { readonly now: number; readonly attention: Pick<Attention, 'maySay'> };

/** An entry in so many cells. Nothing of it is cut: what is wrong and what to type have to be read whole. */
const linesOf = (entry: Entry, { now, attention }: Seen, width: number): readonly TabLine[] => {
  const { id, mark, text, since, help } = entry;
  const age: Piece = { text: `${ageOf(since, now)} `, dim: true };
  const said = withRelativeTimes(shownLine(text), now);
  const [first = '', ...rest] = wrapLines([said], width - MARK - Math.max(AGE, widthOf([age]) + 2));
  const look = help === null ? ({ dim: true } as const) : ({ color: 'cyan' } as const);
  const helping = help === null ? withoutHelp(entry, attention.maySay) : shownLine(suggestionText(help));
  return [
    { id, text: `${mark.text}${said}${age.text}`, pieces: [mark, { text: first, bold: true }], right: [age] },
    ...rest.map(
      (part): TabLine => ({ pieces: [{ text: ' '.repeat(MARK) + part.trimStart(), bold: true }], continues: true }),
    ),
    ...wrapLines([helping], width - HELP).map(
      (part): TabLine => ({ pieces: [{ text: ' '.repeat(HELP) }, { ...look, text: part }] }),
    ),
  ];
};

const entriesOf = ({ attention: { needs, notices } }: TabContext): readonly Entry[] => {
  return [...needs.map(needEntry), ...notices.map(noticeEntry)];
};

const entryOf = (context: TabContext, id: string): Entry | undefined =>
  entriesOf(context).find((entry) => entry.id === id);

const heading = (text: string): TabLine => ({ pieces: [{ text: ` ${text}`, dim: true }], heading: true });

/** Two columns need so many cells. */
const WIDE = 100;
/** So many lines of evidence stand below the selected line where there is no room beside it. */
const BELOW = 6;

/** The need that is selected; undefined where it is only to be known, or nothing is, or a filter hides all needs. */
const selectedNeed = (context: TabContext): Need | undefined => {
  const { attention, own, size } = context;
  const { needs, notices } = attention;
  if (notices.some(({ id }) => id === own.cursor)) return undefined;
  const shown = needs.filter((need) => isMatched(linesOf(needEntry(need), context, size.width)[0]!, own.filter));
  return shown.find((need) => needEntry(need).id === own.cursor) ?? shown[0];
};

/** The lines about the needs in so many cells, below the selected one as much of its evidence as there is room for. */
const needLines = (context: TabContext, isBeside: boolean, width: number): readonly TabLine[] => {
  const { attention } = context;
  const selected = isBeside ? undefined : selectedNeed(context);
  return attention.needs.flatMap((need) => {
    const lines = linesOf(needEntry(need), context, width);
    if (need !== selected) return lines;
    const shown = evidenceBelow(need, context, width - 6, BELOW);
    return [...lines, ...shown.map(({ pieces }): TabLine => ({ pieces: [{ text: '   │ ', dim: true }, ...pieces] }))];
  });
};

/** Shows all there is about an entry: the agent that asks or is lost, a failure, a conflict, an alert. */
const openEntry = ({ context }: OpenTab, id: string): TabPressed => {
  const { attention, own, state } = context;
  const need = attention.needs.find((one) => needEntry(one).id === id);
  if (need?.kind === 'question' && need.instance !== null) return { own, agent: need.instance };
  const command = need && evidenceCommand(need);
  if (command) return { own, command };
  return Object.hasOwn(state.alerts, id) ? { own, command: `show alert ${saidText(id)}` } : { own };
};

const bodyOf = (context: TabContext): TabBody => {
  const { attention, size } = context;
  const { needs, notices } = attention;
  const selected = selectedNeed(context);
  const isBeside = size.width >= WIDE && selected !== undefined;
  const [width = 0, beside = 0] = isBeside ? columnWidths([1, 1], size.width) : [size.width];
  const lines = [
    ...needLines(context, isBeside, width),
    ...(notices.length > 0 ? [heading(needs.length > 0 ? 'to know' : 'to know; nothing needs you')] : []),
    ...notices.flatMap((alert) => linesOf(noticeEntry(alert), context, width)),
  ];
  const title = needs.length === 0 ? 'alerts' : needs.length === 1 ? '1 needs you' : `${needs.length} need you`;
  const list = { title: [{ text: title, bold: true }], lines, weight: 1, empty: 'Nothing needs you.' };
  if (!isBeside) return { columns: [list] };
  return { columns: [list, evidenceColumn(selected, context, beside)] };
};

/** What needs a person, the most pressing first, then what is only to be known; each with the command that helps. */
export const alertsTab: Tab = {
  modes: [],
  holdsSelection: true,
  queries: (context) => evidenceQueries(selectedNeed(context)),
  body: bodyOf,
  keys: [
    { action: 'open', help: 'show', press: openEntry },
    {
      action: 'suggestion',
      help: 'do what is suggested',
      otherwise: 'no command helps with it',
      command: (id, context) => entryOf(context, id)?.help ?? null,
    },
    {
      action: 'remove',
      help: 'dismiss',
      helpNow: (context) => (selectedNeed(context)?.kind === 'lost' ? 'stop the agent' : 'dismiss'),
      // A question is not dismissed: its agent waits.
      isOfUse: (context) => selectedNeed(context)?.kind !== 'question',
      otherwise: (id, { attention }) =>
        attention.needs.find((need) => needEntry(need).id === id)?.kind === 'question'
          ? 'its agent waits for an answer: r answers it'
          : 'it stays as long as other tasks wait for it',
      command: (id, context) => entryOf(context, id)?.dismissal ?? null,
    },
  ],
};
