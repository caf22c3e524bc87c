import { Box, Text } from 'ink';
import { oneLine } from '../../lib/text.ts';
import { nextStep } from '../next-step.ts';
import type { Hint } from '../options.ts';
import { pageRoom } from '../page.ts';
import { wrapLines } from '../page-lines.ts';
import { type Model, type Panel, shownRect } from '../panel.ts';
import type { PromptState } from '../prompt-state.ts';
import { promptWindow, SIGN } from '../prompt-window.ts';
import type { Answer } from '../view-state.ts';
import { type Piece, spread, widthOf } from '../widgets/line.ts';
import type { Style } from '../widgets/paint.ts';

type Lines = readonly (readonly Piece[])[];
type Props = {
  readonly width: number;
  readonly height: number;
  readonly focused: boolean;
  readonly text: string;
  /** Stands in the line while it is empty. */
  readonly ghost: string;
  /** What is below the line: one row about the command, one with the keys of the moment. */
  readonly below: Lines;
};

const TONES = {
  ok: { glyph: '✔', style: { color: 'green' } },
  error: { glyph: '✖', style: { color: 'red', bold: true } },
  note: { glyph: '·', style: { dim: true } },
} as const satisfies Record<Answer['tone'], { glyph: string; style: Style }>;

/** A sentence and what helps, in one row if both fit, else in two. */
const sentence = (text: Piece, help: string, width: number): Lines => {
  const helping = help === '' ? [] : [{ text: `   ${help}`, dim: true }];
  if (widthOf([text, ...helping]) <= width) return [[text, ...helping]];
  const [first = '', ...more] = wrapLines([text.text], width);
  if (more.length === 0) return [[text], helping];
  const rest = { ...text, text: more.map((line, i) => (i === 0 ? line : line.trimStart())).join(' ') };
  return [[{ ...text, text: first }], [rest, ...helping]];
};

const answerLines = ({ tone, text, hint }: Answer, width: number): Lines => {
  const { glyph, style } = TONES[tone];
  return sentence({ ...style, text: `  ${glyph} ${oneLine(text)}` }, hint === null ? '' : oneLine(hint), width);
};

const hintLines = (hint: Hint, width: number): Lines => {
  if (hint.kind === 'ok') return [[{ text: `  ✔ ${oneLine(hint.says)}`, color: 'green' }]];
  if (hint.kind === 'incomplete') {
    const expected = hint.expects.map(oneLine).join(' · ');
    return [
      [
        { text: '  … ', dim: true },
        { text: expected, color: 'cyan' },
      ],
    ];
  }
  const help = hint.suggestion === undefined ? '' : `did you mean: ${oneLine(hint.suggestion)}`;
  return sentence({ text: `  ✖ ${oneLine(hint.message)}`, color: 'yellow' }, help, width);
};

/** The words that Tab goes through, from a few before the one that stands in the line. */
const completionLine = ({ words, at }: NonNullable<PromptState['completion']>): readonly Piece[] => [
  { text: `  ${at + 1} of ${words.length}:`, dim: true },
  ...words.slice(Math.max(0, at - 2)).flatMap((word): Piece[] => {
    const chosen = word === words[at];
    return [{ text: ' ' }, { text: ` ${oneLine(word)} `, inverse: chosen, dim: !chosen }];
  }),
];

const saying = ({ view, hint }: Model, width: number): Lines => {
  if (view.prompt.completion) return [completionLine(view.prompt.completion)];
  if (view.answer) return answerLines(view.answer, width);
  if (view.running > 0) return [[{ text: '  … at it', dim: true }]];
  return hint ? hintLines(hint, width) : [];
};

const key = (label: string, help: string): readonly Piece[] => [
  { text: ` ${label}`, bold: true },
  { text: ` ${help} `, dim: true },
];

const footerPieces = ({ view, layout }: Model): readonly Piece[] => {
  if (view.leaving) return [{ text: ' Ctrl-C again leaves; the agents go on', color: 'yellow', bold: true }];
  if (view.dialog) return [...key('y', 'yes'), ...key('n Enter', 'no'), ...key('← →', 'choose')];
  if (view.page) {
    const scroll = pageRoom(view, layout).most > 0 ? key('↑↓ PgUp PgDn', 'scroll') : [];
    return [...scroll, ...key('Esc', 'close')];
  }
  if (view.mode === 'prompt' && view.prompt.characters.length > 0) {
    return [...key('Enter', 'run'), ...key('Tab', 'complete'), ...key('↑↓', 'history'), ...key('Esc', 'to the panes')];
  }
  if (view.mode === 'prompt') {
    const zoom = view.zoomed ? [] : key('Enter', 'zoom');
    const panes = view.selected === null ? [] : [...key('←→', 'select pane'), ...zoom];
    return [...panes, ...key('Tab', 'complete'), ...key('↑↓', 'history'), ...key('Esc', 'panes'), ...key('?', 'keys')];
  }
  const zoom = view.zoomed ? key('Esc', 'all panes') : [...key('←↓↑→', 'select'), ...key('Enter', 'zoom')];
  const others = [...key('a', 'attach'), ...key('n', 'who needs me'), ...key(':', 'command')];
  return [...zoom, ...others, ...key('?', 'keys'), ...key('q', 'leave')];
};

const ghostOf = (model: Model): string => {
  const { view, layout } = model;
  if (view.answer && layout.prompt.height < 3) return `${TONES[view.answer.tone].glyph} ${oneLine(view.answer.text)}`;
  if (view.mode === 'panes') return 'press : to type a command';
  return `for instance: ${oneLine(nextStep(model))}`;
};

/** The command line, what is known of the command, and the keys of the moment. */
export const promptPanel: Panel<Props> = {
  id: 'prompt',
  z: 1,
  rect: ({ layout }) => shownRect(layout.prompt),
  select: (model, { width, height }) => {
    const footer = footerPieces(model);
    const [first = [], second = footer] = saying(model, width);
    const open = model.view.dialog !== null || model.view.page !== null;
    return {
      width,
      height,
      focused: model.view.mode === 'prompt',
      text: promptWindow(model.view.prompt, width).text,
      ghost: ghostOf(model),
      below: [first, open ? footer : second],
    };
  },
  View: ({ width, height, focused, text, ghost, below: [first = [], second = []] }) => {
    const rule: Style = focused ? { color: 'cyan', bold: true } : { dim: true };
    return (
      <Box width={width} height={height} flexDirection="column">
        {height >= 4 && <Text>{spread([], [], width, { ...rule, text: focused ? '━' : '─' })}</Text>}
        <Text>{spread([{ ...rule, text: SIGN }, text === '' ? { text: ghost, dim: true } : { text }], [], width)}</Text>
        {height >= 3 && <Text>{spread(first, [], width)}</Text>}
        {height >= 3 && <Text>{spread(second, [], width)}</Text>}
      </Box>
    );
  },
};
