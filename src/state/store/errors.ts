import { AppError, defineError, messageOf } from '../../lib/errors.ts';
import { type SystemFault, systemFault } from '../../lib/system-fault.ts';
import { shellQuote, visible } from '../../lib/text.ts';

/** "event 7", "events 7 to 9" */
export const eventsText = (from: number, to: number): string =>
  from === to ? `event ${from}` : `events ${from} to ${to}`;

export const storeLocked = defineError('store/locked', 6, (p: { pid: number | null; lock: string }) => ({
  message: `the swarm of this repository belongs to ${p.pid === null ? 'another process' : `process ${p.pid}`} already`,
  hint:
    p.pid === null
      ? `See who has ${p.lock} open.`
      : `Use that daemon, or end it with "drover daemon stop" (pid ${p.pid}).`,
}));

export const lockUnusable = defineError('store/lock-unusable', 1, (p: { lock: string; why: string }) => ({
  message: `the lock ${p.lock} cannot be used: ${p.why}`,
  hint: 'Nothing is kept in it: "drover doctor --fix" sets it aside, and the next start makes a new one.',
}));

const agentsText = (agents: readonly string[]): string =>
  `${agents.length === 1 ? 'its agent' : `its ${agents.length} agents`} (${agents.join(', ')})`;

export const swarmMoved = defineError(
  'store/moved',
  6,
  ({ from, to, agents, isTaken }: { from: string; to: string; agents: readonly string[]; isTaken: boolean }) => ({
    message: `this repository was moved from ${visible(from)} to ${visible(to)}, and ${agentsText(agents)} can be reached only where it was`,
    hint: `Move it back${isTaken ? ', once what is there now is out of the way' : ''}: mv ${shellQuote(to)} ${shellQuote(from)}. Nothing is lost, and they go on. To have it elsewhere, stop them there first: drover down.`,
  }),
);

export const swarmCopied = defineError(
  'store/copied',
  6,
  ({ from, agents, state }: { from: string; agents: readonly string[]; state: string }) => ({
    message: `this repository is a copy of ${visible(from)}, and ${agentsText(agents)} are those of that one`,
    hint: `Work with them there: cd ${shellQuote(from)}. For a swarm of its own here, put the copied state aside: mv ${shellQuote(state)} ${shellQuote(`${state}-copied`)}`,
  }),
);

export const swarmNamedAnew = defineError(
  'store/named-anew',
  6,
  ({ from, to, agents }: { from: string; to: string; agents: readonly string[] }) => ({
    message: `${visible(to)} leads to the same repository as ${visible(from)}, and ${agentsText(agents)} know it by that path`,
    hint: `Work there: cd ${shellQuote(from)}. To work here, stop them there first: drover down.`,
  }),
);

export const swarmUnreached = defineError(
  'store/unreached',
  6,
  ({ from, to, above }: { from: string; to: string; above: string | null }) => ({
    message: `nobody can tell whether this repository in ${visible(to)} was moved or is a copy, because ${visible(from)}, where it was, cannot be reached`,
    hint: `Make that readable, e.g. mount its disk, and try again.${above === null ? '' : ` If it was moved together with the folder above it, make that one anew: mkdir -p ${shellQuote(above)}`}`,
  }),
);

export const storeTaken = defineError('store/taken', 6, (p: { path: string }) => ({
  message: `${p.path} was removed or replaced while this daemon ran: another one may write there by now`,
  hint: 'This one ends, so that two never write; the next command starts one, unless another runs already. Nothing that was acknowledged is lost.',
}));

/** The system's error in words for a person, and what can be done about it. */
export const inWords = (error: unknown): SystemFault =>
  systemFault(error) ?? { cause: messageOf(error), hint: 'Look at the daemon’s log' };

/** Whether it is what a call of the system failed with, and not a mistake of ours. */
export const isSystemError = (error: unknown): boolean =>
  !(error instanceof AppError) && /^E[A-Z\d]+$/u.test(String((error as NodeJS.ErrnoException | null)?.code ?? ''));

const refusedBySystem = defineError('system/refused', 1, (p: { what: string; cause: string; hint: string }) => ({
  message: `${p.cause}: ${p.what}`,
  hint: `${p.hint}, then try again.`,
}));

/** What the system refuses (no right, no room, no file) is the state of the machine and no bug; undefined for anything else. */
export const refusalBySystem = (error: unknown): AppError | undefined => {
  if (!(error instanceof Error) || error instanceof AppError || !('syscall' in error) || !('code' in error))
    return undefined;
  const { syscall, path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
  return refusedBySystem({ what: [syscall, dest ?? path].filter(Boolean).join(' '), ...inWords(error) }, error);
};

export const storeUnopened = defineError('store/unopened', 1, (p: { state: string; cause: string; hint: string }) => ({
  message: `the swarm in ${p.state} cannot be opened: ${p.cause}`,
  hint: `${p.hint}, then start the daemon again. Nothing is lost by this.`,
}));

export const storeFailed = defineError(
  'store/failed',
  1,
  (p: { file: string; cause: string; hint: string; undone: boolean }) => ({
    message: `nothing more can be recorded in ${p.file}: ${p.cause}`,
    hint: `${p.hint}, then start the daemon again. ${
      p.undone
        ? 'What was acknowledged is safe; what was refused did not happen.'
        : 'What was acknowledged is safe; what was refused last may have happened: look before you repeat it.'
    }`,
  }),
);

export const storeNotCleaned = defineError(
  'store/not-cleaned',
  1,
  (p: { what: string; cause: string; hint: string }) => ({
    message: `old ${p.what} could not be let go of: ${p.cause}`,
    hint: `${p.hint}, then say it again. Nothing that the state needs is lost by this.`,
  }),
);

export const storeClosed = defineError('store/closed', 7, () => ({
  message: 'the store is closed',
  hint: 'Start the daemon again.',
}));

export const storeDamaged = defineError('store/damaged', 1, (p: { file: string; line: number; what: string }) => ({
  message: `${p.file} is damaged at line ${p.line}: ${p.what}`,
  hint: 'Restore that file from a backup, or let "drover doctor --fix" set the damaged part aside and go on from the last state that is sound; "drover doctor" says what is lost then.',
}));

export const storeNewer = defineError('store/newer', 1, (p: { file: string; version: string }) => ({
  message: `${p.file} has the format ${p.version}, which this version does not know`,
  hint: 'Install the Drover that wrote it or a later one.',
}));

export const journalMissing = defineError('store/no-journal', 3, (p: { journal: string }) => ({
  message: `there is no journal in ${p.journal}`,
  hint: 'The projection is rebuilt from the journal: restore that folder first.',
}));
