import { render } from 'ink-testing-library';
import { createElement, type ReactElement } from 'react';
import { expect } from 'vitest';
import { attentionOf, hasBanner, waitingAgents } from '../../../src/attention/attention.ts';
import { outlookOf } from '../../../src/attention/outlook.ts';
import { questionsOf } from '../../../src/attention/question.ts';
import { withoutControls } from '../../../src/lib/text.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { paneInstances } from '../../../src/tui/model/instance-list.ts';
import { layoutOf } from '../../../src/tui/model/layout.ts';
import type { ScreenModel } from '../../../src/tui/model/screen-model.ts';
import { initialScreen } from '../../../src/tui/model/screen-state.ts';
import { panels } from '../../../src/tui/panels/index.ts';
import { NOW, stateOf } from '../fake-swarm.ts';
import { type ScreenChanges, screenWith } from '../screen-with.ts';

/** What a view over these facts has to draw. */
export const modelOf = (
  drafts: readonly EventDraft[],
  changes: ScreenChanges = {},
  size = { columns: 100, rows: 30 },
): ScreenModel => {
  const state = stateOf(drafts);
  const instances = paneInstances(state.instances);
  const ids = instances.map(({ instance_id }) => instance_id);
  const view = screenWith(initialScreen(ids), changes);
  const layout = layoutOf({
    size,
    banner: hasBanner(attentionOf(state)),
    instances: ids.length,
    selected: ids.indexOf(view.panes.selected ?? ''),
    zoomed: view.panes.isZoomed,
    typing: view.panes.typing?.id === view.panes.selected,
    arrangement: view.panes.arrangement,
  });
  return {
    state,
    connected: true,
    silentSince: null,
    repository: 'repo',
    instances,
    caption: [],
    screen: view,
    layout,
    open: null,
    hint: null,
    ghost: '',
    questions: questionsOf(instances),
    tail: [],
    now: NOW,
    reading: null,
    stats: new Map(),
    attention: attentionOf(state),
    surroundings: null,
    outlook: outlookOf(state, NOW),
    queue: waitingAgents(attentionOf(state), ids),
  };
};

const inkFrame = (view: ReactElement): string => {
  const { lastFrame, unmount } = render(view);
  const frame = lastFrame() ?? '';
  unmount();
  return frame;
};

/** What a panel draws, without its colours; undefined where it is not shown. */
export const drawPanel = (id: string, model: ScreenModel): string | undefined => {
  const panel = panels.find((candidate) => candidate.id === id)!;
  const rect = panel.rect(model);
  if (!rect) return undefined;
  const props = panel.select(model, rect);
  const frame = withoutControls(panel.lines?.(props)?.join('\n') ?? inkFrame(createElement(panel.View!, props)));
  for (const line of frame.split('\n')) expect([...line].length).toBeLessThanOrEqual(rect.width);
  return frame
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
};

/** An alert of this severity, about nobody. */
export const alert = (
  severity: 'info' | 'warning' | 'error',
  suggestion: string | null = null,
  text = `${severity} text`,
): EventDraft => ({
  type: 'alert.raised',
  data: { id: severity, severity, text, suggestion, instance: null, task: null },
});
