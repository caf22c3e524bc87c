import type { Compositor } from './compositor/compositor.ts';
import type { Pane } from './compositor/layers.ts';
import type { InputEvent } from './input/decoder.ts';
import { type Around, type Effect, press } from './keys.ts';
import { type Layout, layoutOf } from './layout.ts';
import type { TuiOptions } from './options.ts';
import { pageRoom } from './page.ts';
import type { Model } from './panel.ts';
import { paneRect, shownInstances } from './panels/grid.tsx';
import { promptText } from './prompt-state.ts';
import { promptCursor } from './prompt-window.ts';
import { needsAttention, orderedInstances, pressingAlert } from './scene.ts';
import type { Screens } from './screens.ts';
import type { Stage } from './stage.tsx';
import { MARKS } from './state-marks.ts';
import { type Happening, initialView, reduceView, type View } from './view-state.ts';

export type SessionParts = { readonly compositor: Compositor; readonly stage: Stage; readonly screens: Screens };

/** The view as it changes: keys and news go in, pictures and effects come out. */
export type Session = {
  readonly view: View;
  keys(events: readonly InputEvent[]): readonly Effect[];
  happened(happening: Happening): void;
  /** Brings the screen up to date with the swarm, the view, the size and the time. */
  draw(): void;
};

/** How long good news stands below the command line. */
const ANSWER_MS = 15_000;

const hintOf = ({ prompt }: View, hint: TuiOptions['hint']): Model['hint'] => {
  const text = promptText(prompt);
  return text.trim() === '' ? null : hint(text);
};

/** The view with the time at which its answer came; good news that is old goes. */
const viewKeeper = (first: View, now: () => number) => {
  let view = first;
  let answeredAt = 0;
  return {
    get view() {
      return view;
    },
    change: (next: View): void => {
      if (next.answer && next.answer !== view.answer) answeredAt = now();
      view = next;
    },
    age: (): void => {
      // What went wrong, or was said unasked, stays until somebody does something about it.
      if (view.answer?.tone === 'ok' && now() - answeredAt > ANSWER_MS) view = { ...view, answer: null };
    },
  };
};

export const makeSession = (options: TuiOptions, { compositor, stage, screens }: SessionParts): Session => {
  const { client, repository, io, now = Date.now } = options;
  const instancesNow = () => orderedInstances(client.state.instances);
  const idsNow = (): readonly string[] => instancesNow().map(({ instance_id }) => instance_id);
  const history = options.history ?? client.state.swarm.commands.map(({ text }) => text);
  const keeper = viewKeeper(initialView(idsNow(), history), now);

  const layoutNow = (): Layout => {
    const ids = idsNow();
    return layoutOf({
      size: io.size(),
      banner: pressingAlert(client.state.alerts, null) !== undefined,
      instances: ids.length,
      selected: ids.indexOf(keeper.view.selected ?? ''),
      zoomed: keeper.view.zoomed,
    });
  };
  const around = (): Around => {
    const layout = layoutNow();
    const { columns, perPage } = layout.tiles;
    const instances = instancesNow();
    return {
      ids: instances.map(({ instance_id }) => instance_id),
      columns,
      perPage,
      page: pageRoom(keeper.view, layout),
      needing: new Set(instances.filter(needsAttention).map(({ instance_id }) => instance_id)),
      suggestion: pressingAlert(client.state.alerts, keeper.view.selected)?.suggestion ?? null,
      complete: options.complete,
    };
  };
  const modelNow = (): Model => {
    const { state, connected } = client;
    const { view } = keeper;
    const hint = hintOf(view, options.hint);
    return { state, connected, repository, instances: instancesNow(), view, layout: layoutNow(), hint, now: now() };
  };
  const drawPanes = (model: Model): void => {
    const shown = shownInstances(model);
    screens.follow(shown.map(({ instance_id }) => instance_id));
    const panes = shown.flatMap(({ instance_id, state }, i): [string, Pane][] => {
      const terminal = screens.get(instance_id);
      const tile = paneRect(model.layout.tiles.tiles[i]!);
      const rect = { ...tile, y: tile.y + model.layout.grid.y };
      return terminal ? [[instance_id, { rect, terminal, dim: MARKS[state.kind].stale || !model.connected }]] : [];
    });
    compositor.setPanes(new Map(panes));
  };

  return {
    get view() {
      return keeper.view;
    },
    keys: (events) =>
      events.flatMap((event) => {
        if (event.kind === 'shown') return [];
        const result = press(keeper.view, event, around());
        keeper.change(result.view);
        return result.effects;
      }),
    happened: (happening) => {
      keeper.change(reduceView(keeper.view, happening));
    },
    draw: () => {
      keeper.change(reduceView(keeper.view, { kind: 'instances', ids: idsNow() }));
      keeper.age();
      const model = modelNow();
      const { view } = model;
      stage.show(model);
      drawPanes(model);
      const typing = view.mode === 'prompt' && !view.dialog && !view.page && model.layout.prompt.height > 0;
      compositor.setCursor(typing ? promptCursor(view.prompt, model.layout) : null);
    },
  };
};
