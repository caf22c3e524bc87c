import type { EventDraft } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { raceCommands } from '../../../src/commands/races/race-commands.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instanceCreated, taskCreated } from '../../state/story.ts';

const run = (id: string, instance: string): EventDraft => ({
  type: 'run.started',
  data: { id, instance, branch: `feature/${id}`, start_commit: 'c0' },
});

/** A race for t1: claude-1 has passed, codex-1 is at work. */
export const racing: readonly EventDraft[] = [
  taskCreated('t1', { title: 'Sort the list' }),
  ...['claude-1', 'codex-1'].map((id) => instanceCreated(id)),
  {
    type: 'race.started',
    data: {
      id: 't1',
      winner_by: 'ask',
      mode: null,
      racers: [
        { id: 't1@claude-1', instance: 'claude-1', agent: 'claude' },
        { id: 't1@codex-1', instance: 'codex-1', agent: 'codex' },
      ],
    },
  },
  run('t1@claude-1', 'claude-1'),
  {
    type: 'run.verified',
    data: {
      id: 't1@claude-1',
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
  },
  run('t1@codex-1', 'codex-1'),
];

/** The commands of races at a desk over that race. */
export const openRaceDesk = () =>
  openDesk(raceCommands, racing, { settings: settingsSchema.parse({}), now: () => '2026-01-01T00:01:00.000Z' });
