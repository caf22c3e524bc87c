/** How one program of the rehearsal agent behaves. Durations are milliseconds. */
export type Options = {
  readonly name: string;
  readonly conversation: string;
  readonly resumed: boolean;
  /** The run profile that the program was started in, and how far it goes without asking. */
  readonly mode: string | undefined;
  readonly autonomy: string;
  /** A line to begin with, as if it had been typed. */
  readonly prompt: string | undefined;
  readonly taskMs: { readonly lo: number; readonly hi: number };
  readonly seed: string;
  /** Share of the tasks, 0 to 1, that go wrong. */
  readonly failRate: number;
  /** A folder beside the worktree into which the directive `outside` may write; without a folder it writes nothing. */
  readonly outside: string | undefined;
  /** A file that says by task on which others' work it builds: a task fails where that is not in its worktree. */
  readonly needs: string | undefined;
  /** A file to which every line that was submitted is added. */
  readonly inputLog: string | undefined;
};

const DEFAULT_TASK_MS = { lo: 4000, hi: 12_000 };

const rangeOf = (text = ''): Options['taskMs'] => {
  const { lo, hi } = /^(?<lo>\d+)(?:\.\.(?<hi>\d+))?$/u.exec(text.trim())?.groups ?? {};
  if (lo === undefined) return DEFAULT_TASK_MS;
  return { lo: Math.min(Number(lo), Number(hi ?? lo)), hi: Math.max(Number(lo), Number(hi ?? lo)) };
};

const shareOf = (text = ''): number => {
  const share = Number(text);
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
};

/** `DROVER_REHEARSAL_TASK_MS=lo..hi`, `…_SEED`, `…_FAIL_RATE`, `…_OUTSIDE`, `…_NEEDS`, `…_INPUT_LOG`; what is not understood is left out. */
export const readOptions = (argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Options => {
  const end = argv.indexOf('--');
  const flags = end < 0 ? argv : argv.slice(0, end);
  const flag = (name: string): string | undefined => {
    const at = flags.indexOf(name);
    return at < 0 ? undefined : flags[at + 1];
  };
  const resume = flag('--resume');
  return {
    name: flag('--name') ?? env['DROVER_INSTANCE'] ?? 'rehearsal',
    conversation: resume ?? flag('--session-id') ?? 'rehearsal',
    resumed: resume !== undefined,
    mode: flag('--mode'),
    autonomy: flag('--autonomy') ?? 'edit',
    prompt: end < 0 ? undefined : argv.slice(end + 1).join(' '),
    taskMs: rangeOf(env['DROVER_REHEARSAL_TASK_MS']),
    seed: env['DROVER_REHEARSAL_SEED'] ?? 'drover',
    failRate: shareOf(env['DROVER_REHEARSAL_FAIL_RATE']),
    outside: env['DROVER_REHEARSAL_OUTSIDE'],
    needs: env['DROVER_REHEARSAL_NEEDS'],
    inputLog: env['DROVER_REHEARSAL_INPUT_LOG'],
  };
};
