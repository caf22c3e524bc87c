/** One run of git by a program of the swarm, as git itself wrote it down (`GIT_TRACE2_EVENT`). */
export type GitRun = {
  readonly who: string;
  readonly argv: readonly string[];
  /** The command line that a person or an agent gave: of what git starts by itself, that of the first one. */
  readonly command: readonly string[];
  /** The top of the worktree that it worked in; null where it told none. */
  readonly worktree: string | null;
  /** In milliseconds since 1970; null while it runs, or when it was killed. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Whether the guard was asked about what it did to refs. */
  readonly guarded: boolean;
};

const TOLD = /"event":"(?:start|def_repo|child_start|atexit|signal)"/u;

type Told = Partial<Record<'event' | 'sid' | 'time' | 'worktree' | 'hook_name', string>> & { readonly argv?: unknown };

const words = (argv: unknown): readonly string[] =>
  Array.isArray(argv) ? argv.filter((word): word is string => typeof word === 'string') : [];

const toldIn = (line: string): Told | undefined => {
  if (!TOLD.test(line)) return undefined;
  try {
    return JSON.parse(line) as Told;
  } catch {
    // It was cut off, or two wrote at once.
    return undefined;
  }
};

type Draft = {
  argv: readonly string[];
  worktree: string | null;
  startedAt: number;
  endedAt: number | null;
  guarded: boolean;
};

const note = (run: Draft, told: Told, guard: string): void => {
  if (told.event === 'def_repo') run.worktree = told.worktree ?? null;
  else if (told.event !== 'child_start') run.endedAt = Date.parse(told.time ?? '');
  else if (told.hook_name === 'reference-transaction' && words(told.argv)[0]?.startsWith(`${guard}/`))
    run.guarded = true;
};

/** The runs of git that a trail tells of; `guard` is the folder of the guard’s hooks. */
export const runsIn = (who: string, text: string, guard: string): readonly GitRun[] => {
  const runs = new Map<string, Draft>();
  for (const line of text.split('\n')) {
    const told = toldIn(line);
    if (told?.sid === undefined) continue;
    const known = runs.get(told.sid);
    if (known) note(known, told, guard);
    else if (told.event === 'start') {
      const startedAt = Date.parse(told.time ?? '');
      runs.set(told.sid, { argv: words(told.argv), worktree: null, startedAt, endedAt: null, guarded: false });
    }
  }
  return [...runs].map(([sid, run]) => ({
    who,
    ...run,
    command: runs.get(sid.split('/')[0]!)?.argv ?? run.argv,
  }));
};

const WITH_VALUE: ReadonlySet<string> = new Set([
  '-C',
  '-c',
  '--git-dir',
  '--work-tree',
  '--config-env',
  '--namespace',
]);

/** The verb of a run and what follows it; `git-receive-pack` is a verb as well. */
export const verbOf = (argv: readonly string[]): { readonly verb: string; readonly rest: readonly string[] } => {
  const program = argv[0]?.split('/').at(-1) ?? '';
  if (program.startsWith('git-')) return { verb: program.slice('git-'.length), rest: argv.slice(1) };
  let at = 1;
  while (at < argv.length && argv[at]!.startsWith('-')) at += WITH_VALUE.has(argv[at]!) ? 2 : 1;
  return { verb: argv[at] ?? '', rest: argv.slice(at + 1) };
};
