import type { Terminal } from '@xterm/headless';
import type { TerminalSize, TuiOptions } from '../app/options.ts';
import type { CellPosition, Compositor } from '../compositor/compositor.ts';
import type { Pane, Rect } from '../compositor/layers.ts';
import { topRow } from '../compositor/pane-layer.ts';
import type { KeyContext } from '../control/key.ts';
import type { ReadingPosition, ScreenModel } from '../model/screen-model.ts';
import { INSTANCE_MARKS } from '../model/state-marks.ts';
import type { Instance } from '../../state/instances.ts';
import { agentListBounds } from '../panels/agent-list.tsx';
import { paneRect, shownInstances } from '../panels/grid.tsx';
import { type AgentScreens, openAgentScreens } from './agent-screens.ts';
import type { PaneBounds } from './pane-bounds.ts';
import { openScrollback, type Scrollback } from './scrollback.ts';
import { makeTypingHost, paneCursor, type TypingHost } from './typing-host.ts';

export type PaneParts = {
  readonly compositor: Pick<Compositor, 'setPanes' | 'setMouse' | 'setCursor' | 'touch'>;
  readonly screens: AgentScreens;
  readonly typingHost: TypingHost;
  readonly scrollback: Scrollback;
};

type PaneNews = {
  /** Whether changes of panes are shown at all now. */
  readonly isStill: () => boolean;
  readonly redraw: () => void;
  readonly onLeft: (id: string, reason: string | null) => void;
  readonly onLack: (text: string) => void;
};

/** Opens what the panes show: live screens, text that is read back, and the terminal that is typed into. */
export const openPanes = (
  options: TuiOptions,
  compositor: Compositor,
  { isStill, redraw, onLeft, onLack }: PaneNews,
): PaneParts => {
  const onData = (id: string): void => {
    if (!isStill()) compositor.touch(id);
  };
  return {
    compositor,
    screens: openAgentScreens(options.follow, { onReset: redraw, onData }),
    typingHost: makeTypingHost({ options, onData, onChange: redraw, onEnd: onLeft, onLack }),
    scrollback: openScrollback(options.printed, redraw),
  };
};

type Shown = Pick<ScreenModel, 'screen' | 'instances' | 'layout' | 'open'>;

const offsetBy = ({ x, y }: Rect, rect: Rect): Rect => ({ ...rect, x: rect.x + x, y: rect.y + y });
const HIDDEN: Rect = { x: 0, y: 0, width: 0, height: 0 };
const UNKNOWN_SIZE: TerminalSize = { cols: 120, rows: 36 };

/** Where every agent can be found on the screen. */
export const paneBoundsOf = (model: Shown): readonly PaneBounds[] => {
  if (model.open) return [];
  const { tiles } = model.layout.tiles;
  const panes = shownInstances(model).map(
    ({ instance_id: id }, i): PaneBounds => ({
      id,
      frame: offsetBy(model.layout.grid, tiles[i]!),
      pane: offsetBy(model.layout.grid, paneRect(tiles[i]!)),
    }),
  );
  return [...panes, ...agentListBounds(model).map(({ id, frame }) => ({ id, frame, pane: HIDDEN }))];
};

/** The agents that are shown, and the one whose question is open: its last lines stand beside the answer in every view. */
const followedIn = ({ screen }: Shown, shown: readonly Instance[]): readonly string[] => {
  const asking = screen.overlays.answering?.question.instance;
  const seen = shown.map(({ instance_id }) => instance_id);
  return asking === undefined || seen.includes(asking) ? seen : [...seen, asking];
};

/** So many lines of an agent stand beside the answer to its question. */
const TAIL = 5;

/** The last lines of a terminal that have anything in them. */
const lastLines = ({ buffer: { active } }: Terminal): readonly string[] => {
  const lines: string[] = [];
  for (let row = active.length - 1; row >= 0 && lines.length < TAIL; row -= 1) {
    const text = active.getLine(row)?.translateToString(true) ?? '';
    if (text.trim() !== '') lines.unshift(text);
  }
  return lines;
};

/** Puts the terminals of the shown agents into their places: live, read back, or typed into. */
export const makePaneDrawing = ({ compositor, screens, typingHost, scrollback }: PaneParts) => {
  const seenPanes = (model: Shown): readonly PaneBounds[] => paneBoundsOf(model).filter(({ pane }) => pane.height > 0);
  const placeOf = (model: Shown, id: string | null): PaneBounds | undefined =>
    seenPanes(model).find((place) => place.id === id);
  const readingIn = (model: Shown): ReadingPosition | null => {
    const { scroll } = model.screen.panes;
    const place = placeOf(model, scroll?.id ?? null);
    const { read } = scrollback;
    if (!scroll || !place || read?.id !== scroll.id) return null;
    const most = Math.max(0, read.lines - place.pane.height);
    return { id: read.id, first: most - Math.min(most, scroll.above), lines: read.lines };
  };
  const terminalOf = (id: string, rect: Rect, read: ReadingPosition | null): Terminal | undefined => {
    if (read?.id === id) return scrollback.read?.terminal;
    return typingHost.terminal(id, { cols: rect.width, rows: rect.height }) ?? screens.get(id);
  };
  const cursorIn = ({ screen }: Shown, place: PaneBounds | undefined): (() => CellPosition | null) | null => {
    if (
      !place ||
      !screen.panes.typing ||
      screen.panes.typing.over !== null ||
      screen.panes.scroll ||
      screen.overlays.dialog ||
      screen.overlays.page
    )
      return null;
    return () => {
      const terminal = terminalOf(place.id, place.pane, null);
      return terminal ? paneCursor(terminal, topRow(terminal, place.pane.height), place.pane) : null;
    };
  };

  let drawn: readonly string[] = [];
  return {
    readingIn,
    /** The last lines on an agent's terminal, as far as it is known. */
    tailOf: (id: string | undefined): readonly string[] => {
      const terminal = id === undefined ? undefined : screens.get(id);
      return terminal ? lastLines(terminal) : [];
    },
    /** Draws again what the panes show, which changed while nothing was drawn. */
    refresh: (): void => {
      for (const id of drawn) compositor.touch(id);
    },
    /** How far the selected pane can be read back. */
    scrollRoom: (model: Shown): KeyContext['scroll'] => {
      const id = model.screen.panes.selected;
      const height = Math.max(1, placeOf(model, id)?.pane.height ?? 1);
      const { read } = scrollback;
      return { height, most: read && read.id === id ? Math.max(0, read.lines - height) : null };
    },
    draw: (model: ScreenModel): void => {
      const { screen, open } = model;
      const shown = open ? [] : shownInstances(model);
      screens.follow(followedIn(model, shown));
      const live = screens.get(screen.panes.scroll?.id ?? '');
      scrollback.show(open ? null : (screen.panes.scroll?.id ?? null), live ?? UNKNOWN_SIZE);
      const read = readingIn(model);
      const places = new Map(seenPanes(model).map(({ id, pane }) => [id, pane]));
      const panes = shown.flatMap(({ instance_id: id, state }): [string, Pane][] => {
        const rect = places.get(id);
        const terminal = rect && terminalOf(id, rect, read);
        if (!terminal) return [];
        // A terminal that is typed into is seen as it is; any other pane only as its log tells.
        const hosted = terminal === typingHost.terminal(id, { cols: rect.width, rows: rect.height });
        const dim = !hosted && (INSTANCE_MARKS[state.kind].stale || !model.connected || model.silentSince !== null);
        return [[id, { rect, terminal, dim, ...(read?.id === id ? { from: read.first } : {}) }]];
      });
      drawn = panes.map(([id]) => id);
      compositor.setPanes(new Map(panes));
      if (screen.panes.typing) compositor.setCursor(cursorIn(model, placeOf(model, screen.panes.typing.id)));
      const wanted = screen.panes.typing && typingHost.mouse === 'drags' ? 'drags' : 'clicks';
      compositor.setMouse(screen.mouse.isHeard && !screen.isFrozen ? wanted : 'off');
    },
  };
};
