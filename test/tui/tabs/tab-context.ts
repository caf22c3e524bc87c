import { attentionOf } from '../../../src/attention/attention.ts';
import { outlookOf } from '../../../src/attention/outlook.ts';
import type { Reply } from '../../../src/ports/swarm.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { paneInstances } from '../../../src/tui/model/instance-list.ts';
import { actionOf } from '../../../src/tui/control/key-table.ts';
import type { Tab, TabBody, TabContext } from '../../../src/tui/tabs/tab.ts';
import { initialTab, type TabState } from '../../../src/tui/tabs/tab-state.ts';
import { NOW, reply, stateOf } from '../fake-swarm.ts';

/** What a tab is given: these facts, and these answers to what it asks. */
export const tabContext = (
  drafts: readonly EventDraft[],
  {
    own = {},
    answers = {},
    width = 140,
  }: {
    own?: Partial<TabState>;
    answers?: Record<string, unknown>;
    width?: number;
  } = {},
): TabContext => {
  const state = stateOf(drafts);
  return {
    state,
    attention: attentionOf(state),
    instances: paneInstances(state.instances),
    now: NOW,
    own: { ...initialTab, ...own },
    answers: new Map(Object.entries(answers).map(([text, data]): [string, Reply] => [text, reply({ data })])),
    outlook: outlookOf(state, NOW),
    selected: 'rehearsal-1',
    size: { width, height: 20 },
  };
};

/** The texts of each column, its title first. */
export const textOf = ({ columns }: TabBody): string[][] =>
  columns.map(({ title, lines, empty }) =>
    [
      title,
      ...(lines.length === 0 && empty !== undefined ? [[{ text: `(${empty})` }]] : []),
      ...lines.map(({ pieces, right = [] }) => [...pieces, ...(right.length > 0 ? [{ text: ' | ' }] : []), ...right]),
    ].map((pieces) =>
      pieces
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    ),
  );

/** The command of a tab's key for a line. */
export const commandOf = (
  tab: Pick<Tab, 'keys'>,
  key: string,
  id: string,
  context: TabContext,
): string | null | undefined => tab.keys.find(({ action }) => action === actionOf(key))?.command?.(id, context);
