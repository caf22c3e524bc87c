import type { Need } from '../../attention/needs.ts';
import type { Alert } from '../../state/alerts.ts';
import type { State } from '../../state/index.ts';
import type { InstanceStateName } from '../../state/instances.ts';
import type { Task } from '../../state/tasks.ts';
import type { Style } from '../widgets/paint.ts';
import { INSTANCE_GLYPHS } from '../../text/instance-rows.ts';
import { isRacing } from '../../tasks/race.ts';
import { groupOf, type TaskGroup } from '../../tasks/task-groups.ts';

/** How a state of an instance is shown: never by its colour alone. */
type Mark = {
  readonly glyph: string;
  readonly word: string;
  readonly style: Style;
  /** Whether the screen of an instance in this state may not be true any more. */
  readonly stale: boolean;
};

const calm = (word: InstanceStateName, style: Style = {}): Mark => ({
  glyph: INSTANCE_GLYPHS[word],
  word,
  style,
  stale: false,
});
const problem = (word: InstanceStateName, stale = false): Mark => ({
  glyph: INSTANCE_GLYPHS[word],
  word,
  style: { color: 'red', bold: true },
  stale,
});

export const INSTANCE_MARKS = {
  waiting: { glyph: INSTANCE_GLYPHS.waiting, word: 'waiting', style: { color: 'yellow', bold: true }, stale: false },
  stuck: problem('stuck'),
  limited: { glyph: INSTANCE_GLYPHS.limited, word: 'limited', style: { color: 'yellow' }, stale: false },
  failed: problem('failed'),
  lost: problem('lost', true),
  unknown: { glyph: INSTANCE_GLYPHS.unknown, word: 'unknown', style: { dim: true }, stale: true },
  working: calm('working', { color: 'green' }),
  verifying: calm('verifying', { color: 'cyan' }),
  starting: calm('starting', { color: 'blue' }),
  creating: calm('creating', { color: 'blue' }),
  idle: calm('idle', { dim: true }),
  paused: calm('paused', { dim: true }),
  stopping: calm('stopping', { dim: true }),
  stopped: calm('stopped', { dim: true }),
} as const satisfies Record<InstanceStateName, Mark>;

/** The order in which states are counted up: what needs a person comes first. */
export const STATE_ORDER = Object.keys(INSTANCE_MARKS) as readonly InstanceStateName[];

/** How the tasks of each group are shown. */
export const TASK_MARKS = {
  running: { glyph: '●', style: { color: 'green' } },
  queued: { glyph: '◆', style: { dim: true } },
  // Commands and names to follow are cyan.
  ready: { glyph: '◇', style: { color: 'magenta' } },
  held: { glyph: '⊘', style: { dim: true } },
  waiting: { glyph: '…', style: { dim: true } },
  blocked: { glyph: '‖', style: { color: 'yellow' } },
  failed: { glyph: '✖', style: { color: 'red', bold: true } },
  done: { glyph: '✔', style: {} },
} as const satisfies Record<TaskGroup, { glyph: string; style: Style }>;

/** States of an agent in which the task that it has stands still. */
const STANDING = [
  'waiting',
  'stuck',
  'limited',
  'failed',
  'lost',
  'paused',
] as const satisfies readonly InstanceStateName[];

/**
 * Why a task that is at work stands still, as the mark of its agent; null while it goes on. What is claimed goes on without its
 * agent: its checks run.
 */
export const standstillOf = (task: Task, { instances }: Pick<State, 'instances'>): Mark | null => {
  if (task.state !== 'running' || isRacing(task)) return null;
  const kind = instances[task.run?.instance ?? '']?.state.kind;
  const standing = STANDING.find((one) => one === kind);
  return standing === undefined ? null : INSTANCE_MARKS[standing];
};

/** How a task is shown that was cancelled, or archived before it was done: it stands in no group. */
const GIVEN_UP = { glyph: '×', style: { dim: true } } as const;

/** How a task is shown: by where it stands, and one that stands still by why. */
export const taskMark = (
  task: Task,
  state: Pick<State, 'instances' | 'tasks'>,
  group: TaskGroup | undefined = groupOf(task, state.tasks),
): Pick<Mark, 'glyph' | 'style'> => standstillOf(task, state) ?? (group ? TASK_MARKS[group] : GIVEN_UP);

/** How what needs a person is marked: a question and a conflict wait for a word, the others are broken. */
export const NEED_MARKS = {
  question: { glyph: '?', style: { color: 'yellow', bold: true } },
  failure: { glyph: '✖', style: { color: 'red', bold: true } },
  lost: { glyph: '✖', style: { color: 'red', bold: true } },
  conflict: { glyph: '!', style: { color: 'yellow', bold: true } },
} as const satisfies Record<Need['kind'], { glyph: string; style: Style }>;

export const ALERT_MARKS = {
  error: { glyph: '✖', style: { color: 'red', bold: true } },
  warning: { glyph: '!', style: { color: 'yellow', bold: true } },
  info: { glyph: 'i', style: { color: 'cyan' } },
} as const satisfies Record<Alert['severity'], { glyph: string; style: Style }>;

/** The state's word, marked where it is only guessed from the screen. */
export const stateWord = (state: { kind: InstanceStateName; source: string }): string =>
  `${state.source === 'screen' ? '≈' : ''}${INSTANCE_MARKS[state.kind].word}`;
