import type { EventDraft } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { raceCommands } from '../../../src/commands/races/race-commands.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instanceCreated, taskCreated } from '../../state/story.ts';

const run = (id: string, instance: string): EventDraft => ({
  type: 'run.started',
  data: { id, instance, branch: `feature/${id}`, start_commit: 'c0' },
});

/** The fact that begins a race of claude-1 and codex-1 for t1, as tasks of these names. */
const raceBegins = (claude: string, codex: string): EventDraft => ({
  type: 'race.started',
  data: {
    id: 't1',
    winner_by: 'ask',
    mode: null,
    racers: [
      { id: claude, instance: 'claude-1', agent: 'claude' },
      { id: codex, instance: 'codex-1', agent: 'codex' },
    ],
  },
});

const passed = (id: string): EventDraft => ({
  type: 'run.verified',
  data: {
    id,
    result: {
      head_commit: 'c1',
      commits: 1,
      files: 2,
      insertions: 3,
      deletions: 1,
      check_ms: 900,
      check_output: 'ok',
    },
  },
});

/** A race for t1: claude-1 has passed, codex-1 is at work. */
export const racing: readonly EventDraft[] = [
  taskCreated('t1', { title: 'Sort the list' }),
  ...['claude-1', 'codex-1'].map((id) => instanceCreated(id)),
  raceBegins('t1@claude-1', 't1@codex-1'),
  run('t1@claude-1', 'claude-1'),
  passed('t1@claude-1'),
  run('t1@codex-1', 'codex-1'),
];

/** The next race for t1, of which nobody has passed yet. */
export const racingAgain: readonly EventDraft[] = [
  raceBegins('t1@claude-1.2', 't1@codex-1.2'),
  run('t1@claude-1.2', 'claude-1'),
  run('t1@codex-1.2', 'codex-1'),
];

/** In which claude-1 has passed as well. */
export const passedAgain: EventDraft = passed('t1@claude-1.2');

/** The commands of races at a desk over that race. */
export const openRaceDesk = (settings: object = {}) =>
  openDesk(raceCommands, racing, { settings: settingsSchema.parse(settings), now: () => '2026-01-01T00:01:00.000Z' });
