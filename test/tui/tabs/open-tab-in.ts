import type { Reply } from '../../../src/ports/swarm.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { type ScreenState, withTabs } from '../../../src/tui/model/screen-state.ts';
import { forecast } from '../../../src/tui/prompt/prompt-forecast.ts';
import { makeTabOpener } from '../../../src/tui/tabs/open-tab.ts';
import type { TabId } from '../../../src/tui/tabs/tab-ids.ts';
import { initialTab, initialTabs, type TabState } from '../../../src/tui/tabs/tab-state.ts';
import { language } from '../../fixtures/signatures.ts';
import { keyContext } from '../control/key-context.ts';
import { key, pressAll, text } from '../control/press-keys.ts';
import { created, moved, reply } from '../fake-swarm.ts';
import { modelOf } from '../panels/draw-panel.ts';

/** A tab over these facts on a screen of so many columns, and what keys do in it. */
export const openTabIn = (
  tab: TabId,
  drafts: readonly EventDraft[],
  columns = 120,
  answers: ReadonlyMap<string, Reply> = new Map(),
) => {
  const model = modelOf(drafts, {}, { columns, rows: 30 });
  const opener = makeTabOpener();
  const openIn = (screen: ScreenState) => opener({ ...model, screen, answers });
  const screen = (own: Partial<TabState> = {}): ScreenState => ({
    ...withTabs(model.screen, { open: tab, states: { ...initialTabs, [tab]: { ...initialTab, ...own } } }),
    focus: 'panes',
  });
  const standing = { state: model.state, settings: settingsSchema.parse({ agent: 'rehearsal' }) };
  const hint = (text: string) => forecast(text, standing, language);
  const context = keyContext({ state: model.state, openIn, questions: model.questions, hint });
  return {
    ...{ view: screen, openIn, hint },
    press: (before: ScreenState, name: string) => pressAll(before, [key(name)], context),
    /** The screen with this text typed, as a person types it. */
    type: (before: ScreenState, typed: string) => pressAll(before, [text(typed)], context).screen,
  };
};

/** A worktree as the daemon tells it. */
const node = (name: string) => ({
  name,
  kind: 'instance',
  instance: null,
  branch: name,
  session: null,
  problem: null,
  tasks: [],
});

/** The answer with two worktrees. */
export const trees = new Map([['tree worktrees', reply({ data: [node('one'), node('two')] })]]);

/** An agent that waits with a question. */
export const waitingAgent = [created(1), moved('rehearsal-1', 'waiting', 'Shall I go on?')] as const;
