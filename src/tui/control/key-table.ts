import type { MaySay } from '../../attention/attention.ts';
import { TAB_NAMES, TAB_NUMBERS, type TabId } from '../tabs/tab-ids.ts';

/** What keys are for, in the order in which help tells of it. */
export const USES = {
  look: 'Look',
  answer: 'Answer',
  decide: 'Decide',
  move: 'Move',
  screen: 'The screen',
} as const;
type Use = keyof typeof USES;

type Row = {
  readonly keys: readonly string[];
  /** The keys as they are written. */
  readonly label: string;
  readonly use: Use;
  readonly help: string;
  /** A command that takes the same role as those that the key says: whoever is refused it is not named the key. */
  readonly says?: string;
  /** What it does in a view, where that is only a part of what it means; `others`: in those that are not the panes. */
  readonly here?: Readonly<Partial<Record<TabId | 'others', string>>>;
};

const row = (use: Use, keys: readonly string[], label: string, help: string): Row => ({ use, keys, label, help });

/** The same of a key of which the list of a view tells only what it does there. */
const withHere = (row: Row, here: NonNullable<Row['here']>): Row => ({ ...row, here });

/** The row of a key that says commands which not everybody may say. */
const sayingRow = (says: string, ...of: Parameters<typeof row>): Row => ({ ...row(...of), says });

/**
 * Every key of the views, with the one thing it means, whichever view is open. A view says which of these it has; bindings,
 * the list of keys and the documents come from here.
 */
export const KEY_TABLE = {
  open: withHere(
    row(
      'look',
      ['enter'],
      'Enter',
      'open what is selected: an agent’s question, else its terminal (Ctrl-] comes back); elsewhere its details',
    ),
    {
      agents: 'the question of the selected agent, else its terminal (Ctrl-] comes back)',
      tasks: 'the details of the selected task',
      worktrees: 'the whole diff of the selected worktree',
      alerts: 'what the alert is about: the agent that asks, the failure, the alert itself',
      log: 'the whole log of the selected agent',
      review: 'the selected work; in a work, its selected file',
      others: 'the details of what is selected',
    },
  ),
  diff: row('look', ['d'], 'd', 'diff of what is selected'),
  brief: row('look', ['b'], 'b', 'the brief that its agent is given'),
  review: row('look', ['R'], 'R', 'review the work'),
  zoom: withHere(
    row(
      'look',
      ['z'],
      'z',
      'all of it: the selected pane alone, what is folded, the timeline from nearer; again: as before',
    ),
    { agents: 'the selected pane alone; again: all panes' },
  ),
  way: withHere(
    row('look', ['v'], 'v', 'show it in another way: tiles, a list, one pane; board, list, graph, timeline'),
    { agents: 'another layout: tiles, a list, one pane' },
  ),
  auto: row('look', ['V'], 'V', 'let the space choose the layout of the panes'),
  order: row('look', ['o'], 'o', 'order the panes now: who needs you comes first'),
  creation: row('look', ['O'], 'O', 'order of creation again'),
  filter: withHere(
    row('look', ['/'], '/', 'show only what has these words; on a page, in Log and in an open review: search'),
    {
      agents: 'show only the agents that have these words',
      log: 'search what all agents printed',
      review: 'search what is open; in the list: show only what has these words',
      others: 'show only what has these words',
    },
  ),
  next: row('answer', ['n'], 'n', 'go to the next agent that needs you, the most pressing first'),
  previous: row('answer', ['N'], 'N', 'go to the one before'),
  answer: sayingRow(
    'answer a-1 "y"',
    'answer',
    ['r'],
    'r',
    'answer the selected agent, else whoever asks most pressingly',
  ),
  suggestion: withHere(
    row(
      'answer',
      ['g'],
      'g',
      'do what is suggested: for the selected alert, else by the banner (Ctrl-G anywhere); ↵: Enter has to follow',
    ),
    {
      agents: 'do what the banner suggests (Ctrl-G anywhere); ↵: Enter has to follow',
      alerts: 'do what the selected alert suggests; ↵: Enter has to follow',
      others: 'do what the banner suggests (Ctrl-G anywhere); ↵: Enter has to follow',
    },
  ),
  example: row('answer', ['E'], 'E', 'write what the command line offers into it'),
  attach: sayingRow(
    'attach x',
    'answer',
    ['a'],
    'a',
    'attach: the terminal is the agent’s until prefix d (inside tmux: prefix L)',
  ),
  start: withHere(sayingRow('run task x', 'decide', ['s'], 's', 'start the task, or try it again'), {
    agents: 'try the failed task of the selected agent again',
    review: 'try again what failed',
  }),
  merge: sayingRow('merge branch x', 'decide', ['m'], 'm', 'merge the work of the task'),
  mergeAll: sayingRow(
    'merge completed branches',
    'decide',
    ['M'],
    'M',
    'merge all finished work; more than three tasks are asked about',
  ),
  remove: withHere(
    sayingRow(
      'cancel task x',
      'decide',
      ['x'],
      'x',
      'take away what is selected: cancel a task, remove a worktree, dismiss an alert, take a comment back',
    ),
    {
      agents: 'cancel the task of the selected agent',
      tasks: 'cancel the selected task',
      worktrees: 'remove the selected worktree',
      alerts: 'dismiss the selected alert; stop the agent that is lost',
      review: 'take the selected comment back',
    },
  ),
  approve: sayingRow('approve task x', 'decide', ['A'], 'A', 'approve the work'),
  sendBack: sayingRow('return task x "y"', 'decide', ['S'], 'S', 'send the work back'),
  comment: sayingRow('comment task x file=y line=1 "z"', 'decide', ['c'], 'c', 'comment on the line'),
  seen: sayingRow('mark task x file=y', 'decide', [' '], 'Space', 'the file is seen, and the next one comes'),
  takeOver: sayingRow('takeover task x', 'decide', ['t'], 't', 'take the work over'),
  edit: row('decide', ['e'], 'e', 'open the file in your editor'),
  difftool: row('decide', ['D'], 'D', 'open the file in your difftool'),
  above: row('move', ['up', 'k'], '↑ k', 'select what is above'),
  below: row('move', ['down', 'j'], '↓ j', 'select what is below'),
  before: row('move', ['left', 'h'], '← h', 'select what is to the left'),
  after: row('move', ['right', 'l'], '→ l', 'select what is to the right'),
  pageUp: withHere(
    row(
      'move',
      ['pageup'],
      'PgUp',
      'a page up: read the pane back, or the page of panes before; the text beside a list',
    ),
    {
      agents: 'a page up: read the pane back, or the page of panes before',
      others: 'a page up, where there is one of the text beside the list',
    },
  ),
  pageDown: row('move', ['pagedown'], 'PgDn', 'a page down'),
  readBack: row(
    'move',
    ['shift+pageup', 'shift+pagedown'],
    'Shift-PgUp',
    'read the selected pane back, where PgUp has another page of panes',
  ),
  ends: withHere(
    row('move', ['home', 'end'], 'Home End', 'the first line, the last line; End shows a pane live again'),
    { others: 'the first line, the last line' },
  ),
  nextFile: row('move', [']'], ']', 'the next file'),
  fileBefore: row('move', ['['], '[', 'the file before'),
  nextChange: row('move', ['}'], '}', 'the next change'),
  changeBefore: row('move', ['{'], '{', 'the change before'),
  views: row('move', [], TAB_NUMBERS, `open a view: ${TAB_NAMES}`),
  back: withHere(
    row('move', ['esc'], 'Esc', 'back: to the live screen, to all panes, from a filter, from a view to the agents'),
    {
      agents: 'back: to the live screen, to all panes, from a filter',
      others: 'back: from a filter, to the list, to the agents',
    },
  ),
  command: row('screen', [':', 'i', 'tab'], ': i Tab', 'type a command'),
  keys: row('screen', ['?'], '?', 'this list'),
  suggested: row(
    'screen',
    [],
    '1 … 9',
    'on a page: do what it suggests; ↵: it stands in the command line, and Enter has to follow',
  ),
  freeze: row('screen', ['f'], 'f', 'freeze the screen, to select text with the mouse; any key ends that'),
  mouse: row('screen', ['F'], 'F', 'mouse on or off; when it is off, the terminal selects text'),
  leave: row('screen', ['q'], 'q', 'leave; the agents go on'),
} as const satisfies Record<string, Row>;

/** What a key of a view does. */
export type Action = keyof typeof KEY_TABLE;

/** All that is said of a key. */
export const rowOf = (action: Action): Row => KEY_TABLE[action];

export const ACTIONS = Object.keys(KEY_TABLE) as readonly Action[];

/** Whether a key is named to somebody: not where what it says is refused to them. */
export const isNamed = (action: Action, maySay: MaySay): boolean => {
  const { says } = rowOf(action);
  return says === undefined || maySay(says);
};

const byKey = new Map(
  ACTIONS.flatMap((action) => KEY_TABLE[action].keys.map((key): [string, Action] => [key, action])),
);

/** What a key means; undefined where it means nothing in any view. */
export const actionOf = (key: string): Action | undefined => byKey.get(key);

/** Keys that people know from lazygit, k9s, less and vim, and the ones that they stand for. */
const FAMILIAR: Readonly<Record<string, string>> = {
  '<': 'home',
  '>': 'end',
  G: 'end',
  'ctrl+b': 'pageup',
  'ctrl+u': 'pageup',
  'ctrl+f': 'pagedown',
  'ctrl+d': 'pagedown',
};

/** The key that a familiar one stands for; every other key as it is. */
export const meantKey = (key: string): string => FAMILIAR[key] ?? key;
