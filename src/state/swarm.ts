import { z } from 'zod';
import { entryOf } from '../lib/entry.ts';
import type { batchEvents } from './batches.ts';
import { type instanceEvents, isShutIn } from './instances.ts';
import { reducer, withOthers } from './reducer.ts';
import type { taskEvents } from './tasks.ts';

const finishedCommandSchema = z.object({
  id: z.string(),
  text: z.string(),
  verb: z.string(),
  noun: z.string(),
  exit: z.number().int(),
  message: z.string(),
  finished_at: z.string(),
});

export const swarmSchema = z.object({
  /** The next free number of each agent: ids are never used twice. */
  next: z.record(z.string(), z.number().int()),
  next_batch: z.number().int(),
  next_task: z.number().int(),
  /** The colour that the next instance gets. */
  next_theme: z.number().int(),
  /** Nothing is handed out. */
  paused: z.boolean(),
  daemon: z.object({ pid: z.number(), version: z.string(), started_at: z.string() }).nullable(),
  /** Whether a program of an instance ever ran in a sandbox: what it wrote is there when it is gone itself. */
  had_shut_in: z.boolean(),
  /** The latest commands, oldest first. */
  commands: z.array(finishedCommandSchema),
});
/** The part of the state that belongs to the swarm as a whole. */
export type Swarm = z.infer<typeof swarmSchema>;

export const swarmEvents = {
  'daemon.started': z.object({ pid: z.number(), version: z.string() }),
  'daemon.stopped': z.object({ pid: z.number() }),
  'swarm.paused': z.object({}),
  'swarm.resumed': z.object({}),
  /**
   * A request begins with what only git and the disk tell of, so that it knows what is its own when it is said again after the
   * death of a daemon: the things that it is about, by name, and where they are.
   */
  'command.begun': z.object({ places: z.record(z.string(), z.string()) }),
  'command.finished': finishedCommandSchema.omit({ finished_at: true }),
  'journal.repaired': z.object({ message: z.string() }),
};

export const emptySwarm: Swarm = {
  next: {},
  next_batch: 1,
  next_task: 1,
  next_theme: 0,
  paused: false,
  daemon: null,
  had_shut_in: false,
  commands: [],
};

const KEPT_COMMANDS = 200;

const reduceOwn = reducer<Swarm, typeof swarmEvents>({
  'daemon.started': (swarm, { pid, version }, at) => ({ ...swarm, daemon: { pid, version, started_at: at } }),
  'daemon.stopped': (swarm) => ({ ...swarm, daemon: null }),
  'swarm.paused': (swarm) => ({ ...swarm, paused: true }),
  'swarm.resumed': (swarm) => ({ ...swarm, paused: false }),
  'command.begun': (swarm) => swarm,
  'command.finished': (swarm, command, at) => ({
    ...swarm,
    // Of a command that was begun an older release told twice: when it began, and when it had ended.
    commands: [
      ...swarm.commands.filter(({ id }) => id === '' || id !== command.id),
      { ...command, finished_at: at },
    ].slice(-KEPT_COMMANDS),
  }),
  'journal.repaired': (swarm) => swarm,
});

const NUMBERED = /^(?<name>.+)-(?<n>\d+)$/;
const TASK_NUMBER = /^t(?<n>\d+)$/;

const numberIn = (form: RegExp, id: string): number => Number(form.exec(id)?.groups?.['n'] ?? 0);

/** Counts ids up from the facts that used them, so that no fact about counters has to exist. */
export const reduceSwarm = withOthers<Swarm, typeof instanceEvents & typeof batchEvents & typeof taskEvents>(
  reduceOwn,
  {
    'instance.created': (swarm, { instance_id: id, peacock_theme: theme }) => {
      const { name } = NUMBERED.exec(id)?.groups ?? {};
      if (name === undefined) return swarm;
      const next = { ...swarm.next, [name]: Math.max(entryOf(swarm.next, name) ?? 1, numberIn(NUMBERED, id) + 1) };
      return { ...swarm, next, next_theme: Math.max(swarm.next_theme, theme.theme_id + 1) };
    },
    'batch.started': (swarm, { id }) => ({
      ...swarm,
      next_batch: Math.max(swarm.next_batch, numberIn(NUMBERED, id) + 1),
    }),
    'task.created': (swarm, { task }) => ({
      ...swarm,
      next_task: Math.max(swarm.next_task, numberIn(TASK_NUMBER, task.id) + 1),
    }),
    // Whoever was shut in, the swarm remembers that somebody was.
    'instance.started': (swarm, data) =>
      swarm.had_shut_in || !isShutIn(data) ? swarm : { ...swarm, had_shut_in: true },
  },
);
