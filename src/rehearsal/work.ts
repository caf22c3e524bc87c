import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Brief, type DirectiveName, parseBrief } from './brief.ts';
import { conductOf, disturbancesOf, isTold } from './conduct.ts';
import type { Desk } from './desk.ts';
import { disturb } from './disturb.ts';
import { BROKEN, fileOf, readInside, writeInside } from './files.ts';
import { mend } from './mend.ts';
import { runProgram } from './run.ts';

/** A task as a prompt names it. */
export type Task = { readonly id: string; readonly briefFile: string };

/** How a task was played. */
export type Outcome =
  | { readonly kind: 'claimed'; readonly summary: string }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'crashed' };

type Job = { readonly task: Task; readonly brief: Brief; readonly answers: readonly string[] };

const NAME = 'Drover rehearsal';
const MAIL = 'rehearsal@drover.invalid';

/** What git is called with: a name of its own, where the person gave none. */
const gitEnv = (desk: Desk): NodeJS.ProcessEnv => {
  const env = { GIT_AUTHOR_NAME: NAME, GIT_AUTHOR_EMAIL: MAIL, GIT_COMMITTER_NAME: NAME, GIT_COMMITTER_EMAIL: MAIL };
  return { ...env, GIT_TERMINAL_PROMPT: '0', ...desk.env };
};

const commit = async ({ task, brief }: Job, paths: readonly string[], desk: Desk): Promise<string | undefined> => {
  const place = { cwd: desk.cwd, env: gitEnv(desk), signal: desk.signal };
  const message = `Task ${task.id}${brief.title === '' ? '' : `: ${brief.title}`}`;
  // Sparse: also what lies where the worktree leaves everything else out.
  const added = await runProgram(['git', 'add', '--sparse', '--', ...paths], place);
  // A person's signing key would ask for its password here, where nobody types it.
  const made =
    added.code === 0
      ? await runProgram(['git', '-c', 'commit.gpgsign=false', 'commit', '--quiet', '-m', message], place)
      : added;
  return made.code === 0 ? undefined : `git: ${made.tail.at(-1) ?? 'the commit was refused'}`;
};

const environment = (env: NodeJS.ProcessEnv, cwd: string): string =>
  Object.entries(env)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${name === 'DROVER_TOKEN' ? '(hidden)' : JSON.stringify(value)}\n`)
    .join('')
    .concat(`cwd ${cwd}\n`);

/** A file as git leaves it in a conflict. */
const MARKED = 'one\n<<<<<<< HEAD\ntwo\n=======\nthree\n>>>>>>> other\n';

/** Work that was sent back is there already: what it was told at first would undo what made it fit. */
const directivesFor = ({ merge, directives }: Brief): Brief['directives'] => (merge === null ? directives : []);

/** The text that takes the place of the file that a directive names; undefined for other directives. */
const replacementOf = (name: DirectiveName, task: string): string | undefined => {
  if (name === 'conflict') return `This line belongs to task ${task}.\n`;
  return name === 'markers' ? MARKED : undefined;
};

/** Edits the task's own file and what the directives name; gives the paths that are to be committed. */
const edit = async ({ task, brief, answers }: Job, desk: Desk): Promise<readonly string[]> => {
  const written: string[] = [];
  const write = async (path: string, content: string, how?: 'replace' | 'add') => {
    const at = await writeInside(desk.cwd, path, content, how);
    if (at === undefined) return desk.say(`  will not write ${path}`, 'bad');
    written.push(at);
    desk.wrote(join(desk.cwd, at));
    return desk.say(`  edited ${at}`);
  };
  const stray = async (path: string) => {
    const { outside } = desk.options;
    // A plan may say anything: only where the person who rehearses allowed it.
    const at = outside === undefined ? undefined : await writeInside(outside, path, `Written by task ${task.id}.\n`);
    if (outside === undefined || at === undefined) return desk.say(`  will not write ${path}`, 'bad');
    desk.wrote(join(outside, at));
    return desk.say(`  edited ${join(outside, at)}`);
  };
  const copy = async (argument: string) => {
    const [from = '', to = ''] = argument.split(/\s+/u);
    const text = await readInside(desk.cwd, from);
    return text === undefined ? desk.say(`  cannot read ${from}`, 'bad') : write(to, text, 'replace');
  };
  const heading = `# Task ${task.id}${brief.title === '' ? '' : `: ${brief.title}`}\n`;
  const said = answers.map((answer) => `- answer: ${answer}\n`).join('');
  await write(fileOf(task.id, '.md'), `${heading}\nRehearsed, attempt ${brief.attempt}.\n${said}`);
  for (const { name, argument } of directivesFor(brief)) {
    const replaced = replacementOf(name, task.id);
    if (replaced !== undefined) await write(argument, replaced, 'replace');
    if (name === 'write') await write(argument, `Written by task ${task.id}.\n`);
    if (name === 'copy') await copy(argument);
    if (name === 'outside') await stray(argument);
    if (name === 'env') await write(fileOf(task.id, '.env'), environment(desk.env, desk.cwd), 'replace');
    if (name === 'fail-check') await write(BROKEN, `Broken by task ${task.id}.\n`);
  }
  return written;
};

const check = async (command: string, desk: Desk): Promise<boolean> => {
  desk.say(`  $ ${command}`, 'dim');
  const { code, tail } = await runProgram(['sh', '-c', command], desk);
  for (const line of tail) desk.say(`  ${line}`, 'dim');
  desk.say(code === 0 ? '  the check passed' : `  the check failed (exit ${code})`, code === 0 ? 'good' : 'bad');
  return code === 0;
};

/** Reviews what is there and says what was found. A review changes nothing, unless it is told to misbehave. */
const review = async (job: Job, desk: Desk): Promise<Outcome> => {
  const { task, brief } = job;
  if (isTold(brief, 'write')) await commit(job, await edit(job, desk), desk);
  if (isTold(brief, 'dirty')) await writeInside(desk.cwd, fileOf(task.id, '.left-over'), 'Not committed.\n');
  const { code, tail } = await runProgram(['git', 'log', '-1', '--format=%h %s'], desk);
  const seen = code === 0 ? ` Seen up to ${tail.join(' ')}.` : '';
  return { kind: 'claimed', summary: `Review of task ${task.id}: no findings.${seen}` };
};

const finish = async (job: Job, desk: Desk): Promise<Outcome> => {
  const { task, brief } = job;
  if (desk.options.autonomy === 'ask') {
    const answer = await desk.ask(`May I write ${fileOf(task.id, '.md')}?`);
    if (/^\s*no?\b/iu.test(answer)) return { kind: 'failed', message: `was told not to write: ${answer}` };
  }
  const mended = await mend({ brief, env: gitEnv(desk) }, desk);
  if (typeof mended === 'string') return { kind: 'failed', message: mended };
  const paths = [...mended, ...(await edit(job, desk))];
  const passed = brief.check === null || (await check(brief.check, desk));
  const trouble = await commit(job, paths, desk);
  if (trouble !== undefined) return { kind: 'failed', message: trouble };
  desk.say(`  committed ${paths.join(', ')}`, 'good');
  if (isTold(brief, 'dirty')) await writeInside(desk.cwd, fileOf(task.id, '.left-over'), 'Not committed.\n');
  const result = passed ? '' : ', but the check still fails';
  return { kind: 'claimed', summary: `Task ${task.id} is done: ${paths.join(', ')}${result}` };
};

/** The task whose work this one builds on and does not find; undefined when nothing is missing, or nothing is asked for. */
const missingNeed = async (task: Task, { options, cwd }: Desk): Promise<string | undefined> => {
  if (options.needs === undefined) return undefined;
  const needs = (JSON.parse(await readFile(options.needs, 'utf8')) as Record<string, readonly string[]>)[task.id] ?? [];
  const found = await Promise.all(needs.map((need) => stat(join(cwd, fileOf(need, '.md'))).catch(() => undefined)));
  return needs.find((_need, at) => !found[at]?.isFile());
};

const play = async (task: Task, desk: Desk): Promise<Outcome> => {
  const text = await readFile(task.briefFile, 'utf8').catch(() => undefined);
  if (text === undefined) return { kind: 'failed', message: `${task.briefFile} cannot be read` };
  const brief = parseBrief(text);
  const { durationMs, ending } = conductOf(task.id, brief, desk.options);
  const phase = async (percent: number, note: string) => {
    desk.say(`  ${note}`, 'dim');
    desk.progress(percent, note);
    await setTimeout(durationMs / 3, undefined, { signal: desk.signal });
  };
  desk.say(`● Task ${task.id}${brief.title === '' ? '' : `: ${brief.title}`}`, 'strong');
  await phase(10, 'reading the brief');
  const answers = await disturb(disturbancesOf(brief), desk);
  await phase(40, 'looking at the code');
  const missing = await missingNeed(task, desk);
  if (missing !== undefined)
    return { kind: 'failed', message: `it builds on ${missing}, and ${fileOf(missing, '.md')} is not there` };
  if (ending === 'crash') return { kind: 'crashed' };
  await phase(70, desk.options.autonomy === 'read' ? 'judging' : 'writing');
  const reads = desk.options.autonomy === 'read';
  if (ending === 'lie') return { kind: 'claimed', summary: reads ? '' : `Task ${task.id} is done` };
  return (reads ? review : finish)({ task, brief, answers }, desk);
};

/** Plays a task from its brief to its claim. Rejects when the signal comes: what it ends, a commit for instance, has not failed. */
export const perform = async (task: Task, desk: Desk): Promise<Outcome> => {
  const outcome = await play(task, desk);
  if (outcome.kind === 'failed') desk.signal.throwIfAborted();
  return outcome;
};
