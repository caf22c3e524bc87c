import { type PromptEdit, reducePrompt } from '../../../src/tui/prompt/prompt-reducer.ts';
import { emptyPrompt } from '../../../src/tui/prompt/prompt-state.ts';
import { threeAgents } from '../fake-swarm.ts';
import { drawPanel, modelOf } from '../panels/draw-panel.ts';
import type { ScreenChanges } from '../screen-with.ts';

/** A command line after these edits, with two commands in its history. */
export const promptAfter = (...edits: readonly PromptEdit[]) =>
  edits.reduce(reducePrompt, { ...emptyPrompt, history: ['list tasks', 'launch 3 instances'] });

/** What the panel of the command line draws below its rule. */
export const rows = (changes: ScreenChanges, more: object = {}, size = { columns: 100, rows: 30 }) =>
  drawPanel('prompt', { ...modelOf(threeAgents, changes, size), ...more })!
    .split('\n')
    .slice(1);
