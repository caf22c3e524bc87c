import { needInView, stepNow } from '../../attention/attention.ts';
import type { Need } from '../../attention/needs.ts';
import type { Step } from '../../attention/step.ts';
import { shownLine } from '../../lib/text.ts';
import { keyOfStep, suggestionText } from '../answering/suggestion.ts';
import { type Action, KEY_TABLE } from '../control/key-table.ts';
import { withRelativeTimes } from '../model/relative-times.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { NEED_MARKS } from '../model/state-marks.ts';
import { selectedLine } from '../tabs/tab-window.ts';
import { fitWords, type Piece, spread, widthOf } from '../widgets/pieces.ts';
import { type Panel, shownRect } from './panel.ts';

type Props = { readonly left: readonly Piece[]; readonly right: readonly Piece[]; readonly width: number };

/** Cells that the command which helps has at least. */
const LEAST_HELP = 16;

const needPieces = (need: Need, others: number, now: number): readonly Piece[] => {
  const { glyph, style } = NEED_MARKS[need.kind];
  return [
    { ...style, text: ` ${glyph} ${withRelativeTimes(shownLine(need.text), now)}` },
    { text: others > 0 ? `  +${others} more` : '', dim: true },
  ];
};

const stepPieces = (step: Step, why: string, barred: Step | undefined): readonly Piece[] => {
  if (step === barred) return [{ text: ` ! ${why}`, color: 'yellow', bold: true }];
  return [{ text: ` ${step.kind === 'know' ? 'i' : '→'} ${why}`, color: 'cyan' }];
};

/** Whether a key is heard for the banner: no page lies in front, and the open view has no line of its own that it is about. */
const isHeard = (action: Action, { screen, open }: ScreenModel): boolean => {
  // Who takes the keyboard back from an agent is where they were before.
  const focus = screen.panes.typing?.focus ?? screen.focus;
  if (focus === 'prompt' || screen.overlays.page) return false;
  const isOwn = open?.tab.keys.some((own) => own.action === action) ?? false;
  return !(open && isOwn && selectedLine(open.body, open.context.own));
};

/** The key that takes the step now, and what it does. */
const helpPieces = (step: Step, model: ScreenModel, room: number): readonly Piece[] => {
  const { screen } = model;
  const isAnswer = step.kind === 'answer';
  const action = isAnswer ? 'answer' : 'suggestion';
  // That key takes the step from anywhere.
  const own = isHeard(action, model) ? KEY_TABLE[action].label : 'Ctrl-G';
  // What is typed goes to the agent until that key.
  const key = keyOfStep(screen.panes.typing ? `Ctrl-] ${own}` : own, step);
  const help = isAnswer ? 'answer' : shownLine(suggestionText(step.command));
  // Nobody is to think that the key alone has done it.
  const asks = step.asks ? '· asks first ' : '';
  return [
    { text: ` ${key} `, inverse: true },
    { text: ` ${fitWords(help, Math.max(LEAST_HELP, room - key.length - asks.length - 5))} `, bold: true },
    ...(asks === '' ? [] : [{ text: asks, color: 'yellow' } as const]),
  ];
};

/** What needs a person most, or what the swarm stands still without, with the key that helps. */
export const bannerPanel: Panel<Props> = {
  id: 'banner',
  z: 1,
  rect: ({ layout }) => shownRect(layout.banner),
  select: (model, { width }) => {
    const { attention, screen, now } = model;
    const { selected } = screen.panes;
    const need = needInView(attention, selected);
    const step = stepNow(attention, selected);
    const said = (text: string): string => withRelativeTimes(shownLine(text), now);
    const left: readonly Piece[] = need
      ? needPieces(need, attention.needs.length - 1, now)
      : step
        ? stepPieces(step, said(step.why), attention.barred)
        : attention.notices.slice(0, 1).map(({ text }) => ({ text: ` i ${said(text)}`, color: 'cyan' }));
    // The sentence has the room first: the key alone tells enough of the command that helps.
    return { width, left, right: step ? helpPieces(step, model, width - widthOf(left)) : [] };
  },
  lines: ({ left, right, width }) => [spread(left, right, width)],
};
