import { unreadFor, withReadDialog } from '../control/dialog-keys.ts';
import { handleInput, withoutOldCtrlC } from '../control/handle-input.ts';
import type { Effect } from '../control/key.ts';
import type { InputEvent } from '../input/decoder.ts';
import { agentStatsOf, STATS_QUERIES } from '../model/agent-stats.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { reduceScreen, type ScreenEvent } from '../model/screen-reducer.ts';
import { isPromptUsed } from '../prompt/prompt-state.ts';
import { differsInLineAlone, type ScreenState } from '../model/screen-state.ts';
import { makeDeliveryQueries } from '../model/surroundings-now.ts';
import { makePaneDrawing, type PaneParts } from '../panes/pane-drawing.ts';
import { restOfGhost } from '../prompt/prompt-ghost.ts';
import { previewPrompt } from '../prompt/prompt-preview.ts';
import type { QueryCache } from '../tabs/query-cache.ts';
import { afterDecision } from '../tabs/open-view.ts';
import { holdSelection } from '../tabs/tab-keys.ts';
import { makeKeyContext } from './key-context.ts';
import { type ModelSource, makeModelSource } from './model-source.ts';
import type { TuiOptions } from './options.ts';
import type { PanelRenderer } from './panel-renderer.tsx';
import {
  firstScreen,
  makeFreezeWatch,
  makePreferenceWatch,
  makeScreenKeeper,
  type ScreenKeeper,
} from './screen-keeper.ts';
import { terminalCursor } from './terminal-cursor.ts';

type SessionParts = PaneParts & {
  readonly renderer: Pick<PanelRenderer<ScreenModel>, 'show' | 'showLine'>;
  readonly queryCache: Pick<QueryCache, 'answers' | 'want'>;
  /** The time as it passes; the time of the options is the one that is shown, in steps. */
  readonly clock: () => number;
  /** Asks for a picture after so many milliseconds, whatever happens until then. */
  readonly redrawIn: (ms: number) => void;
  /** Does something as soon as what is under way now is over. */
  readonly soon: (work: () => void) => void;
};

/** The screen of one person: keys and events go in, pictures and effects come out. */
export type Session = {
  readonly screen: ScreenState;
  keys(events: readonly InputEvent[]): readonly Effect[];
  apply(event: ScreenEvent): void;
  /** Draws what the swarm, the screen, the size of the terminal and the time ask for now. */
  draw(): void;
  /** Draws what keys have changed: of a character in the command line no more than that line, and soon what is known of it. */
  echo(): void;
};

type PictureParts = SessionParts & { readonly deliveries: ReturnType<typeof makeDeliveryQueries> };

/** Makes pictures of the swarm and the screen, and knows what the latest one was drawn from. */
const makePictures = (options: TuiOptions, parts: PictureParts, keeper: ScreenKeeper, source: ModelSource) => {
  const { compositor, renderer, queryCache, soon, deliveries } = parts;
  const { client, repository, io } = options;
  const panes = makePaneDrawing(parts);
  let drawn: ScreenModel | undefined;
  /** Whether the latest picture has a command line of which nothing is known yet. */
  let isAhead = false;
  const catchUp = (): void => {
    if (!drawn || !isAhead) return;
    isAhead = false;
    drawn = { ...drawn, ...previewPrompt(drawn.screen.prompt, options) };
    renderer.showLine(drawn);
  };
  const modelNow = (): ScreenModel => {
    const { ids, ...model } = source.current();
    const { connected, silentSince } = client;
    const prompt = previewPrompt(model.screen.prompt, options);
    const stats = agentStatsOf(model.state, queryCache.answers, ids);
    const tail = panes.tailOf(model.screen.overlays.answering?.question.instance);
    const { readingIn } = panes;
    return { ...model, ...prompt, connected, silentSince, repository, stats, tail, reading: readingIn(model) };
  };
  return {
    panes,
    drawAll: (): void => {
      const model = modelNow();
      const { open } = model;
      const ofPanes = options.ask && model.instances.length > 0 ? STATS_QUERIES : [];
      const ofView = open ? (open.tab.queries?.(open.context) ?? []) : ofPanes;
      queryCache.want(
        [...ofView, ...(options.ask ? deliveries.queries(model.state, queryCache.answers) : [])],
        model.state.seq,
      );
      keeper.change({ ...keeper.screen, tabs: holdSelection(keeper.screen.tabs, open) });
      renderer.show(model);
      compositor.setCursor(terminalCursor(model));
      panes.draw(model);
      drawn = model;
      isAhead = false;
    },
    /**
     * Draws the command line into the latest picture; what the command would do is found when the line has been shown. False
     * where that is not all that is different by now: what happened around the screen asks for a picture of its own.
     */
    drawLine: (): boolean => {
      const { screen } = keeper;
      const { columns, rows } = io.size();
      if (!drawn || screen.isFrozen || !differsInLineAlone(screen, drawn.screen)) return false;
      if (drawn.layout.screen.width !== columns || drawn.layout.screen.height !== rows) return false;
      if (screen.prompt === drawn.screen.prompt) return true;
      drawn = { ...drawn, screen, ghost: restOfGhost(drawn.ghost, drawn.screen.prompt, screen.prompt) };
      if (!isAhead) soon(catchUp);
      isAhead = true;
      // Where nothing was known of a line before, or there is none any more, the rows below it change at once.
      if (drawn.hint === null || !isPromptUsed(screen.prompt)) catchUp();
      else renderer.showLine(drawn);
      compositor.setCursor(terminalCursor(drawn));
      return true;
    },
  };
};

export const makeSession = (options: TuiOptions, parts: SessionParts): Session => {
  const { clock, redrawIn, queryCache } = parts;
  const { io, now = Date.now } = options;
  const keeper = makeScreenKeeper(firstScreen(options), now);
  const tellPreferences = makePreferenceWatch(options, keeper);
  const source = makeModelSource(options, queryCache, keeper);
  const deliveries = makeDeliveryQueries(clock);
  const { panes, drawAll, drawLine } = makePictures(options, { ...parts, deliveries }, keeper, source);
  const keyContext = makeKeyContext(options, { ...parts, source, panes });
  const watchFreeze = makeFreezeWatch(io.size, keeper);
  /** A dialog that came by itself is drawn once more when it takes a Yes. */
  const showUnreadDialog = (): void => {
    const overlays = withReadDialog(keeper.screen.overlays, clock());
    if (overlays !== keeper.screen.overlays) keeper.change({ ...keeper.screen, overlays });
    const unreadMs = unreadFor(overlays, clock());
    if (unreadMs > 0) redrawIn(unreadMs);
  };
  const draw = (): void => {
    const { present, ids: shown } = source.current();
    keeper.change(reduceScreen(keeper.screen, { kind: 'instances', ids: present, shown }));
    keeper.dropOldNews();
    keeper.change(withoutOldCtrlC(keeper.screen, clock()));
    showUnreadDialog();
    tellPreferences();
    const next = watchFreeze();
    if (next === 'rest') return;
    drawAll();
    if (next === 'wake') panes.refresh();
  };

  return {
    get screen() {
      return keeper.screen;
    },
    keys: (events) =>
      events.flatMap((event) => {
        if (event.kind === 'shown' || event.kind === 'background') return [];
        deliveries.stir();
        const { history } = keeper.screen.prompt;
        const result = handleInput(keeper.screen, event, keyContext());
        keeper.change(result.screen);
        const entered = result.screen.prompt.history;
        if (entered !== history) options.remember?.(entered.at(-1) ?? '');
        return result.effects;
      }),
    apply: (event) => {
      const screen = reduceScreen(keeper.screen, event, clock());
      keeper.change(event.kind === 'replied' ? afterDecision(screen, event, options.client.state) : screen);
    },
    draw,
    echo: () => {
      if (!drawLine()) draw();
    },
  };
};
