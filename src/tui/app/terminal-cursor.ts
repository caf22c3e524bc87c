import { answerCursor } from '../answering/answer-box.ts';
import type { CellPosition } from '../compositor/compositor.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { promptCursor } from '../prompt/prompt-window.ts';

/** Where the terminal's own cursor belongs; null where nothing is typed. */
export const terminalCursor = (model: ScreenModel): CellPosition | null => {
  const { screen, layout } = model;
  if (screen.overlays.dialog) return null;
  if (screen.overlays.answering) return answerCursor(screen.overlays.answering, model);
  return screen.focus === 'prompt' && !screen.overlays.page && layout.prompt.height > 0
    ? promptCursor(screen.prompt, layout)
    : null;
};
