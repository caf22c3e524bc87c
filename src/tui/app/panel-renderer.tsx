import { type Instance as InkRoot, render } from 'ink';
import { createElement } from 'react';
import { isSameValue } from '../../lib/same-value.ts';
import type { Compositor } from '../compositor/compositor.ts';
import { inkStdin, inkStdout } from '../compositor/ink-streams.ts';
import type { Rect } from '../compositor/layers.ts';
import type { Panel } from '../panels/panel.ts';

/** The panels, each with an Ink root of its own where it needs one; their frames go to the compositor. Close it to unmount them. */
export type PanelRenderer<Model> = {
  /** Draws the panels whose selection or place has changed; their frames have arrived when it returns. */
  show(model: Model): void;
  /** The same of those panels alone that the command line can change: a key costs no look at sixty agents. */
  showLine(model: Model): void;
  close(): void;
};

type MountedPanel = { readonly root: InkRoot; rect: Rect };

export const openPanelRenderer = <Model,>(
  compositor: Pick<Compositor, 'setRegion' | 'removeRegion' | 'frame'>,
  panels: readonly Panel<object, Model>[],
  onCrash: (error: unknown) => void,
): PanelRenderer<Model> => {
  const mounted = new Map<string, MountedPanel>();
  /** What the panels that are on the screen were drawn from. */
  const shown = new Map<string, { readonly rect: Rect; readonly props: object }>();
  let closed = false;
  // Each root listens for the end of the process; for many of them Node would write a warning onto the screen.
  process.setMaxListeners(process.getMaxListeners() + panels.length);

  const mount = ({ id }: Panel<object, Model>, rect: Rect): MountedPanel => {
    const stdout = inkStdout(
      () => mounted.get(id)?.rect ?? rect,
      (frame) => {
        if (!closed) compositor.frame(id, frame);
      },
    );
    const root = render(null, {
      stdout,
      stdin: inkStdin(),
      stderr: stdout,
      debug: true,
      interactive: false,
      patchConsole: false,
      exitOnCtrlC: false,
    });
    // Ink catches what a component throws and ends its root: without this the screen would stay as it is for ever.
    root.waitUntilExit().catch(onCrash);
    const one: MountedPanel = { root, rect };
    mounted.set(id, one);
    return one;
  };
  const hide = (id: string): void => {
    if (shown.delete(id)) compositor.removeRegion(id);
  };
  const drawByInk = (panel: Panel<object, Model>, rect: Rect, props: object): void => {
    const one = mounted.get(panel.id) ?? mount(panel, rect);
    one.rect = rect;
    if (panel.View) one.root.rerender(createElement(panel.View, props));
  };

  const show = (some: readonly Panel<object, Model>[], model: Model): void => {
    if (closed) return;
    for (const panel of some) {
      const rect = panel.rect(model);
      if (!rect) {
        hide(panel.id);
        continue;
      }
      const props = panel.select(model, rect);
      const next = { rect, props };
      if (isSameValue(next, shown.get(panel.id))) continue;
      shown.set(panel.id, next);
      compositor.setRegion(panel.id, rect, panel.z);
      const lines = panel.lines?.(props) ?? null;
      if (lines === null) drawByInk(panel, rect, props);
      else compositor.frame(panel.id, lines.join('\n'));
    }
  };
  const ofLine = panels.filter((panel) => panel.ofLine);

  return {
    show: (model) => show(panels, model),
    showLine: (model) => show(ofLine, model),
    close: () => {
      if (closed) return;
      closed = true;
      for (const { root } of mounted.values()) root.unmount();
      process.setMaxListeners(process.getMaxListeners() - panels.length);
    },
  };
};
