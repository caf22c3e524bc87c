import type { Instance } from '../../state/instances.ts';
import type { Size } from '../compositor/canvas.ts';
import type { Compositor } from '../compositor/compositor.ts';
import type { Effect, KeyContext } from '../control/key.ts';
import { press } from '../control/keys.ts';
import { pageRoom } from '../control/page.ts';
import type { InputEvent } from '../input/decoder.ts';
import { attentionQueue, inOrder } from '../model/attention.ts';
import { type Layout, layoutOf } from '../model/layout.ts';
import { nextStep } from '../model/next-step.ts';
import { makeSampler } from '../model/samples.ts';
import { matching, orderedInstances, pressingAlert } from '../model/scene.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { type Happening, reduceView } from '../model/screen-reducer.ts';
import { initialView, type ScreenState } from '../model/screen-state.ts';
import { VITALS_ASKED, vitalsOf } from '../model/vitals.ts';
import { makePaneDrawing, type PaneParts, placesOf } from '../panes/pane-drawing.ts';
import { cursorOf } from '../prompt/prompt-cursor.ts';
import { promptScene, questionsOf } from '../prompt/prompt-scene.ts';
import type { Inquiries } from '../tabs/inquiries.ts';
import { makeTabOpener } from '../tabs/open-tab.ts';
import type { OpenTab } from '../tabs/tab.ts';
import { withHeldSelection } from '../tabs/tab-view.ts';
import type { TuiOptions } from './options.ts';
import type { Stage } from './stage.tsx';

export type SessionParts = PaneParts & {
  readonly compositor: Compositor;
  readonly stage: Stage;
  readonly inquiries: Inquiries;
  /** The time as it passes, while that of the options is the one that is shown. */
  readonly clock: () => number;
};

/** The view as it changes: keys and news go in, pictures and effects come out. */
export type Session = {
  readonly view: ScreenState;
  keys(events: readonly InputEvent[]): readonly Effect[];
  happened(happening: Happening): void;
  /** Brings the screen up to date with the swarm, the view, the size and the time. */
  draw(): void;
};

const sameSize = (a: Size, b: Size): boolean => a.columns === b.columns && a.rows === b.rows;

/** How long good news stands below the command line. */
const ANSWER_MS = 15_000;

/** The view with the time at which its answer came; good news that is old goes. */
const viewKeeper = (first: ScreenState, now: () => number) => {
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
const firstView = ({ preferences, history, client }: TuiOptions): ScreenState => {
  const ids = orderedInstances(client.state.instances).map(({ instance_id }) => instance_id);
  return { ...initialView(ids, history ?? client.state.swarm.commands.map(({ text }) => text)), ...preferences };
};

type Keeper = ReturnType<typeof viewKeeper>;

/** Tells whoever remembers it what the person changed about how the view is. */
const makeRememberer = ({ onPreferences }: TuiOptions, keeper: Keeper) => {
  let known = keeper.view;
  return (): void => {
    const { arrangement, mouse } = keeper.view;
    if (arrangement !== known.arrangement || mouse !== known.mouse) onPreferences?.({ arrangement, mouse });
    known = keeper.view;
  };
};

/** What there is to draw and to press keys on, by the state, the view, the size and the time. */
const makeScenery = (options: TuiOptions, { inquiries }: SessionParts, keeper: Keeper) => {
  const { client, io, now = Date.now } = options;
  const sampler = makeSampler(now);
  const openTab = makeTabOpener();
  const instancesNow = () => inOrder(orderedInstances(client.state.instances), keeper.view.order);
  const layoutNow = (ids: readonly string[]): Layout => {
    const { selected, zoomed, typing, arrangement } = keeper.view;
    return layoutOf({
      size: io.size(),
      banner: pressingAlert(client.state.alerts, null) !== undefined,
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
      const instances = matching(present, state, view.tabs.agents.filter, view.typing?.id);
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

type Scenery = ReturnType<typeof makeScenery>;
type PaneDrawing = ReturnType<typeof makePaneDrawing>;

/** What a key's meaning depends on now. */
const makeAround =
  (options: TuiOptions, { visits, clock }: SessionParts, scenery: Scenery, panes: PaneDrawing) =>
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
      places: placesOf(scene),
      mouseWanted: visits.mouse !== 'none',
      now: clock(),
      suggestion: pressingAlert(scene.state.alerts, view.selected)?.suggestion ?? null,
      complete: options.complete,
      hint: options.hint,
      example: nextStep(scene),
      questions,
    };
  };

/** Whether nothing is to be drawn now, because the person selects something from the screen. */
const makeStillness = (size: () => Size, keeper: Keeper) => {
  let since: Size | null = null;
  /** `rest`: the screen stays as it is; `wake`: what changed meanwhile is to be drawn too. */
  return (): 'draw' | 'rest' | 'wake' => {
    const now = size();
    // A selection does not outlive another size of the terminal.
    if (keeper.view.still && since && !sameSize(since, now)) keeper.change({ ...keeper.view, still: false });
    const was = since !== null;
    since = keeper.view.still ? now : null;
    if (since) return was ? 'rest' : 'draw';
    return was ? 'wake' : 'draw';
  };
};

export const makeSession = (options: TuiOptions, parts: SessionParts): Session => {
  const { compositor, stage, inquiries, clock } = parts;
  const { client, repository, io, now = Date.now } = options;
  const keeper = viewKeeper(firstView(options), now);
  const remember = makeRememberer(options, keeper);
  const scenery = makeScenery(options, parts, keeper);
  const panes = makePaneDrawing(parts);
  const around = makeAround(options, parts, scenery, panes);
  const stillness = makeStillness(io.size, keeper);
  const modelNow = (): ScreenModel => {
    const { ids, ...scene } = scenery.now();
    const { connected } = client;
    const prompt = promptScene(scene.view.prompt, options);
    const vitals = vitalsOf(scene.state, inquiries.answers, ids);
    return { ...scene, ...prompt, connected, repository, vitals, reading: panes.reading(scene) };
  };
  const drawAll = (): void => {
    const model = modelNow();
    const { open } = model;
    const ofPanes = options.ask && model.instances.length > 0 ? VITALS_ASKED : [];
    inquiries.want(open ? (open.tab.asks?.(open.scene) ?? []) : ofPanes, model.state.seq);
    keeper.change(withHeldSelection(keeper.view, open));
    stage.show(model);
    compositor.setCursor(cursorOf(model));
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
        const result = press(keeper.view, event, around());
        keeper.change(result.view);
        const entered = result.view.prompt.history;
        if (entered !== history) options.remember?.(entered.at(-1) ?? '');
        return result.effects;
      }),
    happened: (happening) => {
      keeper.change(reduceView(keeper.view, happening, clock()));
    },
    draw: () => {
      const { present, ids: shown } = scenery.now();
      keeper.change(reduceView(keeper.view, { kind: 'instances', ids: present, shown }));
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
