import { appendFile, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Seed } from '../ports/index.ts';
import { writerCommand } from './create.ts';
import { targetMissing } from './errors.ts';
import { commandText, type TmuxCommand } from './quote.ts';
import type { TmuxRunner } from './run.ts';
import { STATE_FORMAT, seedText } from './seed.ts';

type Request = {
  readonly pane: string;
  readonly logDir: string;
  readonly segment: number;
  readonly assets: string;
};

const named = (segment: number, ending: string): string => `${String(segment).padStart(6, '0')}.${ending}`;

/** What older runs of the writer left stays up to this size; each run bounds itself. */
const KEEP_BYTES = 12 * 1024 * 1024;
/** And so many pieces of it: one that ends again and again leaves many that are empty. */
const KEEP_SEGMENTS = 100;
const QUIET_MS = 25;
const PATIENCE_MS = 250;

const segmentsIn = async (logDir: string): Promise<readonly number[]> =>
  (await readdir(logDir))
    .flatMap((name) => /^(?<n>\d+)\.(?:log|seed|seed\.part)$/u.exec(name)?.groups?.['n'] ?? [])
    .map(Number)
    .sort((a, b) => a - b);

// The unfinished seed reserves the number: the writer that runs now jumps over it when it rotates.
const reserve = async (logDir: string, wanted: number): Promise<number> => {
  const taken = await segmentsIn(logDir);
  const segment = Math.max(wanted, (taken.at(-1) ?? -1) + 1);
  try {
    await (await open(join(logDir, named(segment, 'seed.part')), 'wx', 0o600)).close();
    return segment;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return reserve(logDir, segment + 1);
    throw error;
  }
};

const sizeOf = async (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

// tmux drops what it has read but not yet written to the old pipe when the pipe is replaced. In a moment of silence
// there is nothing to drop; a program that never pauses loses what was in flight, from the log but not from the screen.
const silence = async (logDir: string): Promise<void> => {
  const newest = (await segmentsIn(logDir)).at(-1);
  if (newest === undefined) return;
  const path = join(logDir, named(newest, 'log'));
  let size = await sizeOf(path);
  for (let waited = 0; waited < PATIENCE_MS; waited += QUIET_MS) {
    await pause(QUIET_MS);
    const now = await sizeOf(path);
    if (now === size) return;
    size = now;
  }
};

const prune = async (logDir: string, before: number): Promise<void> => {
  let kept = 0;
  const older = [...new Set(await segmentsIn(logDir))].filter((segment) => segment < before);
  for (const [index, segment] of older.toReversed().entries()) {
    kept += await sizeOf(join(logDir, named(segment, 'log')));
    if (kept <= KEEP_BYTES && index < KEEP_SEGMENTS) continue;
    await rm(join(logDir, named(segment, 'log')), { force: true });
    await rm(join(logDir, named(segment, 'seed')), { force: true });
  }
};

// One more turn of tmux's loop, in which it writes to the pipe what it read in the one before.
const TURN: TmuxCommand = ['run-shell', '-d', '0'];

/** Whether the log took what the pane printed until now: what the writer of a pane that died left is complete. */
type Photograph = { readonly seed: Seed; readonly wasLogged: boolean };

const photograph = async (
  runner: TmuxRunner,
  { pane, logDir, assets }: Request,
  segment: number,
): Promise<Photograph> => {
  const capture = ['-p', '-e', '-N', '-t', pane] as const;
  const { stdout, stderr, failure } = await runner.ask([
    TURN,
    TURN,
    ['display-message', '-p', '-t', pane, '#{pane_pipe}'],
    ['display-message', '-p', '-t', pane, STATE_FORMAT],
    ['capture-pane', ...capture],
    // What lies under an alternate screen; nothing when there is none.
    ['if-shell', '-F', '-t', pane, '#{alternate_on}', commandText(['capture-pane', '-a', '-q', ...capture])],
    ['pipe-pane', '-t', pane, writerCommand(assets, logDir, segment)],
  ]);
  // A dead pane takes no new pipe and needs none: the photograph is all there will ever be.
  const dead = stderr.includes('target pane has exited');
  if (failure && !dead) throw failure;
  const screen = seedText(stdout.slice(stdout.indexOf('\n') + 1));
  if (!(screen.cols > 0 && screen.rows > 0)) throw targetMissing({ target: pane });
  return { seed: { segment, ...screen }, wasLogged: dead || stdout.startsWith('1\n') };
};

/** Says at the end of the segment before this one that its writer had ended, so that lines may be missing there. */
const markGap = async (logDir: string, before: number): Promise<void> => {
  const last = (await segmentsIn(logDir)).filter((segment) => segment < before).at(-1);
  const path = join(logDir, named(last ?? 0, 'log'));
  const info = await stat(path).catch(() => undefined);
  if (!info) return;
  const [from, to] = [info.mtime, new Date()].map((time) => time.toISOString());
  // The first byte ends a control sequence that was cut off.
  const text = `what was printed here from ${from} to ${to} may be missing, because the program that keeps it had ended`;
  await appendFile(path, `\u0018\r\n[drover: ${text}]\r\n`);
};

/** Photographs the screen and starts the next segment there, in one invocation: no byte lies between the two. */
export const checkpoint = async (runner: TmuxRunner, request: Request): Promise<Seed> => {
  const { logDir } = request;
  await mkdir(logDir, { recursive: true, mode: 0o700 });
  await silence(logDir);
  const segment = await reserve(logDir, request.segment);
  const part = join(logDir, named(segment, 'seed.part'));
  try {
    const { seed, wasLogged } = await photograph(runner, request, segment);
    if (!wasLogged) await markGap(logDir, segment);
    await writeFile(join(logDir, named(segment, 'log')), '', { flag: 'a', mode: 0o600 });
    await writeFile(part, JSON.stringify(seed));
    await rename(part, join(logDir, named(segment, 'seed')));
    await prune(logDir, segment);
    return seed;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
};
