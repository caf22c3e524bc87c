import type { Instance } from '../../state/instances.ts';
import { questionsOf } from '../answering/question.ts';
import type { Size } from '../compositor/canvas.ts';
import type { Compositor } from '../compositor/compositor.ts';
import { handleInput } from '../control/handle-input.ts';
import type { Effect, KeyContext } from '../control/key.ts';
import { pageRoom } from '../control/page-content.ts';
import type { InputEvent } from '../input/decoder.ts';
import { makeActivitySampler } from '../model/activity-sampler.ts';
import { agentStatsOf, STATS_QUERIES } from '../model/agent-stats.ts';
import { mostPressingAlert } from '../model/alert-urgency.ts';
import { attentionQueue } from '../model/attention.ts';
import { exampleCommand } from '../model/example-command.ts';
import { filterInstances, paneInstances, sortInstances } from '../model/instance-list.ts';
import { type Layout, layoutOf } from '../model/layout.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { reduceScreen, type ScreenEvent } from '../model/screen-reducer.ts';
import { initialScreen, type ScreenState } from '../model/screen-state.ts';
import { makePaneDrawing, type PaneParts, paneBoundsOf } from '../panes/pane-drawing.ts';
import { previewPrompt } from '../prompt/prompt-preview.ts';
import { makeTabOpener } from '../tabs/open-tab.ts';
import type { QueryCache } from '../tabs/query-cache.ts';
import type { OpenTab } from '../tabs/tab.ts';
import { holdSelection } from '../tabs/tab-keys.ts';
import type { TuiOptions } from './options.ts';
import type { PanelRenderer } from './panel-renderer.tsx';
import { terminalCursor } from './terminal-cursor.ts';

type SessionParts = PaneParts & {
  readonly compositor: Compositor;
  readonly renderer: PanelRenderer;
  readonly queryCache: QueryCache;
  /** The time as it passes, while that of the options is the one that is shown. */
  readonly clock: () => number;
};

/** The view as it changes: keys and news go in, pictures and effects come out. */
export type Session = {
  readonly view: ScreenState;
  keys(events: readonly InputEvent[]): readonly Effect[];
  apply(happening: ScreenEvent): void;
  /** Brings the screen up to date with the swarm, the view, the size and the time. */
  draw(): void;
};

const isSameSize = (a: Size, b: Size): boolean => a.columns === b.columns && a.rows === b.rows;

/** How long good news stands below the command line. */
const ANSWER_MS = 15_000;

/** The view with the time at which its answer came; good news that is old goes. */
const makeScreenKeeper = (first: ScreenState, now: () => number) => {
  let view = first;
  let answeredAt = 0;
  return {
    get view() {
      return view;
    },
    change: (next: ScreenState): void => {
      if (next.answer && next.answer !== view.answer) answeredAt = now();
      view = next;
    },
    age: (): void => {
      // What went wrong, or was said unasked, stays until somebody does something about it.
      if (view.answer?.tone === 'ok' && now() - answeredAt > ANSWER_MS) view = { ...view, answer: null };
    },
  };
};

/** The first view of a person who likes it so. */
const firstScreen = ({ preferences, history, client }: TuiOptions): ScreenState => {
  const ids = paneInstances(client.state.instances).map(({ instance_id }) => instance_id);
  return { ...initialScreen(ids, history ?? client.state.swarm.commands.map(({ text }) => text)), ...preferences };
};

type Keeper = ReturnType<typeof makeScreenKeeper>;

/** Tells whoever remembers it what the person changed about how the view is. */
const makePreferenceWatch = ({ onPreferences }: TuiOptions, keeper: Keeper) => {
  let known = keeper.view;
  return (): void => {
    const { arrangement, mouse } = keeper.view;
    if (arrangement !== known.arrangement || mouse !== known.mouse) onPreferences?.({ arrangement, mouse });
    known = keeper.view;
  };
};

/** What there is to draw and to press keys on, by the state, the view, the size and the time. */
const makeModelSource = (options: TuiOptions, { queryCache: inquiries }: SessionParts, keeper: Keeper) => {
  const { client, io, now = Date.now } = options;
  const sampler = makeActivitySampler(now);
  const openTab = makeTabOpener();
  const instancesNow = () => sortInstances(paneInstances(client.state.instances), keeper.view.order);
  const layoutNow = (ids: readonly string[]): Layout => {
    const { selected, zoomed, typing, arrangement } = keeper.view;
    return layoutOf({
      size: io.size(),
      banner: mostPressingAlert(client.state.alerts, null) !== undefined,
      instances: ids.length,
      selected: ids.indexOf(selected ?? ''),
      zoomed,
      typing: typing?.id === selected,
      arrangement,
    });
  };
  const idsOf = (instances: readonly Instance[]) => instances.map(({ instance_id }) => instance_id);
  /** What is open in such a view; the layout of its middle does not depend on which panes there are. */
  const openIn = (view: ScreenState): OpenTab | null => {
    const { state } = client;
    const instances = instancesNow();
    const { answers } = inquiries;
    const layout = layoutNow(idsOf(instances));
    return openTab({ state, instances, view, layout, now: now(), answers, samples: sampler.samples });
  };
  return {
    openIn,
    sample: (): void => sampler.take(client.state),
    now: () => {
      const { view } = keeper;
      const { state } = client;
      const present = instancesNow();
      const instances = filterInstances(present, state, view.tabs.agents.filter, view.typing?.id);
      const ids = idsOf(instances);
      const layout = layoutNow(ids);
      return {
        state,
        view,
        instances,
        ids,
        /** Those that a filter hides too. */
        present: idsOf(present),
        layout,
        open: openIn(view),
        now: now(),
        queue: attentionQueue(state, present),
        questions: questionsOf(present),
      };
    },
  };
};

type ModelSource = ReturnType<typeof makeModelSource>;
type PaneDrawing = ReturnType<typeof makePaneDrawing>;

/** What a key's meaning depends on now. */
const makeKeyContext =
  (options: TuiOptions, { typingHost: visits, clock }: SessionParts, scenery: ModelSource, panes: PaneDrawing) =>
  (): KeyContext => {
    const scene = scenery.now();
    const { ids, layout, queue, view, questions } = scene;
    return {
      ids,
      columns: layout.tiles.columns,
      perPage: layout.tiles.perPage,
      pages: layout.shape === 'tiles' ? Math.ceil(ids.length / Math.max(1, layout.tiles.perPage)) : 1,
      shape: layout.shape,
      page: pageRoom(view, layout),
      openIn: scenery.openIn,
      queue: queue.map(({ id }) => id),
      scroll: panes.scrollRoom(scene),
      bounds: paneBoundsOf(scene),
      mouseWanted: visits.mouse !== 'none',
      now: clock(),
      suggestion: mostPressingAlert(scene.state.alerts, view.selected)?.suggestion ?? null,
      complete: options.complete,
      hint: options.hint,
      example: exampleCommand(scene),
      questions,
    };
  };

/** Whether nothing is to be drawn now, because the person selects something from the screen. */
const makeFreezeWatch = (size: () => Size, keeper: Keeper) => {
  let since: Size | null = null;
  /** `rest`: the screen stays as it is; `wake`: what changed meanwhile is to be drawn too. */
  return (): 'draw' | 'rest' | 'wake' => {
    const now = size();
    // A selection does not outlive another size of the terminal.
    if (keeper.view.still && since && !isSameSize(since, now)) keeper.change({ ...keeper.view, still: false });
    const was = since !== null;
    since = keeper.view.still ? now : null;
    if (since) return was ? 'rest' : 'draw';
    return was ? 'wake' : 'draw';
  };
};

export const makeSession = (options: TuiOptions, parts: SessionParts): Session => {
  const { compositor, renderer: stage, queryCache: inquiries, clock } = parts;
  const { client, repository, io, now = Date.now } = options;
  const keeper = makeScreenKeeper(firstScreen(options), now);
  const remember = makePreferenceWatch(options, keeper);
  const scenery = makeModelSource(options, parts, keeper);
  const panes = makePaneDrawing(parts);
  const around = makeKeyContext(options, parts, scenery, panes);
  const stillness = makeFreezeWatch(io.size, keeper);
  const modelNow = (): ScreenModel => {
    const { ids, ...scene } = scenery.now();
    const { connected } = client;
    const prompt = previewPrompt(scene.view.prompt, options);
    const vitals = agentStatsOf(scene.state, inquiries.answers, ids);
    return { ...scene, ...prompt, connected, repository, stats: vitals, reading: panes.reading(scene) };
  };
  const drawAll = (): void => {
    const model = modelNow();
    const { open } = model;
    const ofPanes = options.ask && model.instances.length > 0 ? STATS_QUERIES : [];
    inquiries.want(open ? (open.tab.queries?.(open.context) ?? []) : ofPanes, model.state.seq);
    keeper.change(holdSelection(keeper.view, open));
    stage.show(model);
    compositor.setCursor(terminalCursor(model));
    panes.draw(model);
  };

  return {
    get view() {
      return keeper.view;
    },
    keys: (events) =>
      events.flatMap((event) => {
        if (event.kind === 'shown' || event.kind === 'background') return [];
        const { history } = keeper.view.prompt;
        const result = handleInput(keeper.view, event, around());
        keeper.change(result.view);
        const entered = result.view.prompt.history;
        if (entered !== history) options.remember?.(entered.at(-1) ?? '');
        return result.effects;
      }),
    apply: (happening) => {
      keeper.change(reduceScreen(keeper.view, happening, clock()));
    },
    draw: () => {
      const { present, ids: shown } = scenery.now();
      keeper.change(reduceScreen(keeper.view, { kind: 'instances', ids: present, shown }));
      keeper.age();
      scenery.sample();
      remember();
      const next = stillness();
      if (next === 'rest') return;
      drawAll();
      if (next === 'wake') panes.refresh();
    },
  };
};
