import { Box, Text } from 'ink';
import { oneLine } from '../../lib/text.ts';
import type { Hint } from '../options.ts';
import { type Model, type Panel, shownRect } from '../panel.ts';
import { promptWindow, SIGN } from '../prompt-window.ts';
import type { Answer, View } from '../view-state.ts';
import { type Piece, spread } from '../widgets/line.ts';
import type { Style } from '../widgets/paint.ts';

type Props = {
  readonly width: number;
  readonly height: number;
  readonly focused: boolean;
  readonly text: string;
  readonly hint: readonly Piece[];
  readonly footer: readonly Piece[];
};

const TONES = {
  ok: { glyph: '✔', style: { color: 'green' } },
  error: { glyph: '✖', style: { color: 'red', bold: true } },
  note: { glyph: '·', style: { dim: true } },
} as const satisfies Record<Answer['tone'], { glyph: string; style: Style }>;

const answerPieces = ({ tone, text, hint }: Answer): readonly Piece[] => [
  { ...TONES[tone].style, text: `  ${TONES[tone].glyph} ${oneLine(text)}` },
  { text: hint === null ? '' : `   ${oneLine(hint)}`, dim: true },
];

const hintPieces = (hint: Hint): readonly Piece[] => {
  if (hint.kind === 'ok') return [{ text: `  ✔ ${oneLine(hint.says)}`, color: 'green' }];
  if (hint.kind === 'incomplete') {
    return [
      { text: '  … ', dim: true },
      { text: hint.expects.map(oneLine).join(' · '), color: 'cyan' },
    ];
  }
  const suggestion = hint.suggestion === undefined ? [] : [{ text: `   did you mean: ${oneLine(hint.suggestion)}` }];
  return [{ text: `  ✖ ${oneLine(hint.message)}`, color: 'yellow' }, ...suggestion];
};

const saying = ({ view, hint }: Model): readonly Piece[] => {
  if (view.answer) return answerPieces(view.answer);
  if (view.running > 0) return [{ text: '  … at it', dim: true }];
  return hint ? hintPieces(hint) : [];
};

const key = (label: string, help: string): readonly Piece[] => [
  { text: ` ${label}`, bold: true },
  { text: ` ${help} `, dim: true },
];

const footerPieces = (view: View): readonly Piece[] => {
  if (view.leaving) return [{ text: ' Ctrl-C again leaves; the agents go on', color: 'yellow', bold: true }];
  if (view.dialog) return [...key('y', 'yes'), ...key('n Enter', 'no'), ...key('← →', 'choose')];
  if (view.page) return [...key('↑↓', 'scroll'), ...key('Esc', 'close')];
  if (view.mode === 'prompt') {
    return [...key('Enter', 'run'), ...key('Tab', 'complete'), ...key('↑↓', 'history'), ...key('Esc', 'to the panes')];
  }
  const zoom = view.zoomed ? key('Esc', 'all panes') : [...key('←↓↑→', 'select'), ...key('Enter', 'zoom')];
  const others = [...key('a', 'attach'), ...key('n', 'who needs me'), ...key(':', 'command')];
  return [...zoom, ...others, ...key('?', 'keys'), ...key('q', 'leave')];
};

/** The command line, what is known of the command, and the keys of the moment. */
export const promptPanel: Panel<Props> = {
  id: 'prompt',
  z: 1,
  rect: ({ layout }) => shownRect(layout.prompt),
  select: (model, { width, height }) => ({
    width,
    height,
    focused: model.view.mode === 'prompt',
    text: promptWindow(model.view.prompt, width).text,
    hint: saying(model),
    footer: footerPieces(model.view),
  }),
  View: ({ width, height, focused, text, hint, footer }) => {
    const rule: Style = focused ? { color: 'cyan', bold: true } : { dim: true };
    const empty = { text: focused ? '' : 'press : to type a command', dim: true };
    return (
      <Box width={width} height={height} flexDirection="column">
        {height >= 4 && <Text>{spread([], [], width, { ...rule, text: focused ? '━' : '─' })}</Text>}
        <Text>{spread([{ ...rule, text: SIGN }, text === '' ? empty : { text }], [], width)}</Text>
        {height >= 3 && <Text>{spread(hint, [], width)}</Text>}
        {height >= 3 && <Text>{spread(footer, [], width)}</Text>}
      </Box>
    );
  },
};
