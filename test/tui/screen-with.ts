import type { ScreenState } from '../../src/tui/model/screen-state.ts';

/** What a screen has otherwise than another one, part by part. */
export type ScreenChanges = {
  readonly [Part in keyof ScreenState]?: ScreenState[Part] extends object
    ? Partial<ScreenState[Part]>
    : ScreenState[Part];
};

/** The screen with these changes. */
export const screenWith = (screen: ScreenState, changes: ScreenChanges): ScreenState => ({
  ...screen,
  ...changes,
  tabs: { ...screen.tabs, ...changes.tabs },
  panes: { ...screen.panes, ...changes.panes },
  mouse: { ...screen.mouse, ...changes.mouse },
  prompt: { ...screen.prompt, ...changes.prompt },
  commands: { ...screen.commands, ...changes.commands },
  overlays: { ...screen.overlays, ...changes.overlays },
});
