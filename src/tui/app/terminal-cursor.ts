import { answerCursor } from '../answering/answer-box.ts';
import type { CellPosition } from '../compositor/compositor.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { promptCursor } from '../prompt/prompt-window.ts';

/** Where the terminal's own cursor belongs; null where nothing is typed. */
export const terminalCursor = (model: ScreenModel): CellPosition | null => {
  const { view, layout } = model;
  if (view.dialog) return null;
  if (view.answering) return answerCursor(view.answering, model);
  return view.mode === 'prompt' && !view.page && layout.prompt.height > 0 ? promptCursor(view.prompt, layout) : null;
};
