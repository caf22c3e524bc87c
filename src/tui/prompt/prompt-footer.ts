import { type MaySay, stepBesides } from '../../attention/attention.ts';
import { isAlive } from '../../state/moves.ts';
import { askingOf } from '../control/merge-question.ts';
import { isNamed } from '../control/key-table.ts';
import { matchRows } from '../model/text-search.ts';
import { pageRoom, pageRows } from '../control/page-content.ts';
import { suggestionDigits } from '../control/page-suggestions.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import type { Answering, Dialog } from '../model/screen-state.ts';
import { paneFooter, paneHints } from '../panes/pane-footer.ts';
import { isPromptUsed } from './prompt-state.ts';
import { searchKeys, tabFooter } from '../tabs/tab-footer.ts';
import { type Piece, widthOf } from '../widgets/pieces.ts';

type Pieces = readonly Piece[];

const key = (label: string, help: string): Pieces => [
  { text: ` ${label}`, bold: true },
  { text: ` ${help} `, dim: true },
];

/** The keys that fit whole into so many cells; the last key, which leads to all others, is always kept. */
export const fitKeys = (pieces: Pieces, width: number): Pieces => {
  if (widthOf(pieces) <= width) return pieces;
  const starts = pieces.flatMap(({ bold }, i) => (bold && i > 0 ? [i] : []));
  const groups = [0, ...starts].map((from, i) => pieces.slice(from, starts[i] ?? pieces.length));
  const last = groups.at(-1)!;
  const kept: Pieces[] = [];
  for (const group of groups.slice(0, -1)) {
    if (widthOf([...kept.flat(), ...group, ...last]) > width) break;
    kept.push(group);
  }
  return [...kept.flat(), ...last];
};

const dialogKeys = ({ yes, interrupts }: Dialog): Pieces => {
  if (interrupts) return [...key('Enter', yes ? 'yes' : 'no'), ...key('← →', 'choose'), ...key('Esc', 'no')];
  return [...key(yes ? 'y Enter' : 'y', 'yes'), ...key(yes ? 'n' : 'n Enter', 'no'), ...key('← →', 'choose')];
};

const answerKeys = ({ sending, question }: Answering, maySay: MaySay, isAsked: boolean): Pieces => {
  if (sending || !isNamed('answer', maySay)) return key('Esc', 'close');
  const choose = question.choices.length > 0 ? key('↑↓ 1-9', 'choose') : [];
  const send = isAsked ? key('Enter', 'send') : [];
  return [...send, ...choose, ...key('Esc', 'close, unanswered')];
};

/** The keys of what stands in front of the view; undefined where nothing does. */
const overlayKeys = ({ screen, layout, attention, questions }: ScreenModel): Pieces | undefined => {
  const { overlays, focus, prompt } = screen;
  const { dialog, answering, page } = overlays;
  if (dialog) return dialogKeys(dialog);
  if (answering) return answerKeys(answering, attention.maySay, questions.has(answering.question.instance));
  if (!page) return undefined;
  if (page.search) {
    const found = matchRows(pageRows(page, layout), page.search.text);
    return searchKeys(page.search.text, { place: found.indexOf(page.search.at ?? -1) + 1, count: found.length }, key);
  }
  // A stroke belongs to a command that is being typed.
  const search = focus === 'prompt' && isPromptUsed(prompt) ? [] : key('/', 'search');
  const scroll = pageRoom(page, layout).most > 0 ? [...key('↑↓ PgUp PgDn', 'scroll'), ...search] : [];
  const digits = suggestionDigits(page);
  const choose = digits === '' ? [] : key(digits, 'use suggestion');
  return [...choose, ...scroll, ...key('Esc', page.under ? 'back' : 'close')];
};

const lineKeys = ({ screen: { prompt }, ghost, hint }: ScreenModel): Pieces | undefined => {
  if (prompt.search)
    return [...key('Enter', 'run'), ...key('Ctrl-R', 'the one before'), ...key('→', 'edit'), ...key('Esc', 'back')];
  if (prompt.completion) {
    const take = prompt.completion.at >= 0 ? key('Enter', 'take') : [];
    return [...key('Tab ↓', 'next'), ...key('↑', 'before'), ...take, ...key('Esc', 'as it was')];
  }
  if (prompt.characters.length === 0) return undefined;
  const take = ghost === '' ? [] : key('→', 'accept');
  const asking = hint?.kind === 'ok' ? askingOf(hint) : undefined;
  const run = hint && hint.kind !== 'ok' ? [] : key('Enter', asking === undefined ? 'run' : `run, ${asking}`);
  return [...run, ...take, ...key('Tab', 'complete'), ...key('↑↓', 'history'), ...key('Esc', 'to the panes')];
};

const emptyKeys = ({ screen, questions, attention, state }: ScreenModel): Pieces => {
  // In a view without panes Enter does nothing, and nobody sees which one is selected.
  const selected = screen.tabs.open === 'agents' ? screen.panes.selected : null;
  const asks = selected !== null && questions.has(selected);
  const one = selected === null ? undefined : state.instances[selected];
  const isThere = one === undefined || isAlive(one.state.kind);
  const isEnter = isThere && isNamed(asks ? 'answer' : 'attach', attention.maySay);
  const enter = isEnter ? key('Enter', asks ? `answer ${selected}` : 'type into it') : [];
  const panes = selected === null ? [] : [...enter, ...key('←→', 'select pane')];
  const example = stepBesides(attention, screen.panes.selected) ? key('End', 'use example') : [];
  return [...panes, ...example, ...key('Ctrl-R', 'history'), ...key('Esc', 'panes'), ...key('?', 'keys')];
};

/** The keys of the moment. */
export const footerOf = (model: ScreenModel): Pieces => {
  const { screen } = model;
  const ofPane = paneFooter(model, key);
  if (ofPane) return ofPane;
  if (screen.leavingAt !== null)
    return [{ text: ' Ctrl-C again leaves; the agents go on', color: 'yellow', bold: true }];
  const open = overlayKeys(model);
  if (open) return open;
  const line = screen.focus === 'prompt' && !screen.tabs.isFiltering ? lineKeys(model) : undefined;
  if (line) return line;
  const ofTab = tabFooter(model, key);
  if (ofTab) return ofTab;
  if (screen.focus === 'prompt') return emptyKeys(model);
  return paneHints(model, key);
};
