import { expect, test } from 'vitest';
import type { ScreenModel } from '../../../src/tui/model/screen-model.ts';
import { panels } from '../../../src/tui/panels/index.ts';
import { shownRect } from '../../../src/tui/panels/panel.ts';
import { emptyPrompt, type PromptState } from '../../../src/tui/prompt/prompt-state.ts';
import { lineOf } from '../../../src/tui/prompt/prompt-text.ts';
import { goldenSwarm } from '../golden-swarm.ts';
import { askToConfirm } from '../control/screens.ts';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import { modelOf } from './draw-panel.ts';

test('a part of the layout without a cell is not shown', () => {
  const rect = { x: 1, y: 2, width: 3, height: 1 };
  expect([shownRect(rect), shownRect({ ...rect, width: 0 }), shownRect({ ...rect, height: 0 })]).toEqual([
    rect,
    null,
    null,
  ]);
});

/** What a panel shows of a model. */
const shownOf = (panel: (typeof panels)[number], model: ScreenModel) => {
  const rect = panel.rect(model);
  return rect && [rect, panel.select(model, rect)];
};

test('what is typed changes no panel but those that say so, so that no other has to be looked at for it', () => {
  const typed: PromptState = { ...emptyPrompt, ...lineOf('stop reh', '') };
  const prompts: readonly PromptState[] = [
    typed,
    { ...typed, cursor: 2, history: ['list'], killed: 'x' },
    { ...typed, completion: { candidates: [{ word: 'rehearsal-1', help: 'h' }], at: 0, typed: 'reh', shown: 'reh' } },
    { ...typed, search: { query: 'st', at: null, missing: true, before: typed } },
  ];
  const first = modelOf(goldenSwarm, {}, { columns: 120, rows: 36 });
  const list = { panes: { arrangement: 'list' } } as const;
  const asking = reduceScreen(first.screen, askToConfirm('stop all', 't'));
  const models = [first, modelOf(goldenSwarm, list), modelOf([]), { ...first, screen: asking }];
  const changed = new Set<string>();
  for (const model of models)
    for (const prompt of prompts) {
      const next = { ...model, ...{ screen: { ...model.screen, prompt }, ghost: 'g', hint: null } };
      for (const panel of panels)
        if (JSON.stringify(shownOf(panel, model)) !== JSON.stringify(shownOf(panel, next))) changed.add(panel.id);
    }
  expect([...changed].toSorted()).toEqual(panels.flatMap(({ id, ofLine }) => (ofLine ? [id] : [])).toSorted());
});
