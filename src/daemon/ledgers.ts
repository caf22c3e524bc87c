import { appendFile } from 'node:fs/promises';
import type { Paths } from '../lib/paths.ts';
import { oneLine } from '../lib/text.ts';
import type { Store } from '../ports/index.ts';
import type { State } from '../state/index.ts';

type Ledger = { write(line: string): void; flushed(): Promise<void> };

/** Appends lines to a file in order, without making anybody wait; for people to read, never read back. */
const openLedger = (file: string, complain: (problem: string) => void): Ledger => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    write: (line) => {
      last = last
        .then(() => appendFile(file, `${line}\n`, { mode: 0o600 }))
        .catch((error: unknown) => complain(String(error)));
    },
    flushed: async () => void (await last),
  };
};

export type Ledgers = {
  /** One line of what was said, or answered, under a correlation id. */
  communicate(entry: { at: string; actor: string; correlation: string; direction: '→' | '←'; text: string }): void;
  flushed(): Promise<void>;
};

const colorLine = (state: State, at: string, id: string): string | undefined => {
  const one = state.instances[id];
  if (!one) return undefined;
  const { color_name, primary_color } = one.peacock_theme;
  return `${at} ${id} ${color_name} ${primary_color} ${one.workspace_path} tasks=${one.task_assignments.join(',') || '-'}`;
};

/** The two plain-text logs beside the journal: what was said, and which colour is whose. */
export const openLedgers = (paths: Paths, store: Store, complain: (problem: string) => void): Ledgers => {
  const communication = openLedger(paths.communicationLog, complain);
  const colors = openLedger(paths.colorsLog, complain);
  store.subscribe((events, state) => {
    for (const event of events) {
      const data = event.data as { instance_id?: string; instance?: string };
      if (!['instance.created', 'task.assigned', 'run.started', 'run.verified', 'run.failed'].includes(event.type))
        continue;
      const id =
        data.instance_id ?? data.instance ?? state.tasks[(event.data as { id?: string }).id ?? '']?.run?.instance;
      const line = id === undefined ? undefined : colorLine(state, event.at, id);
      if (line) colors.write(line);
    }
  });
  return {
    communicate: ({ at, actor, correlation, direction, text }) =>
      communication.write(`${at} ${actor} ${correlation} ${direction} ${oneLine(text)}`),
    flushed: async () => void (await Promise.all([communication.flushed(), colors.flushed()])),
  };
};
