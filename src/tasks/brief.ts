import { oneLine, withoutControls } from '../lib/text.ts';
import type { Mode } from '../state/modes.ts';
import type { Spec } from '../state/specs.ts';
import type { Run, Task } from '../state/tasks.ts';

/** What the agent is told of a task that its own builds on. */
export type Prerequisite = {
  readonly id: string;
  readonly title: string;
  readonly branch: string | null;
  readonly summary: string | null;
};

export type BriefContext = {
  readonly spec?: Spec | undefined;
  readonly prerequisites: readonly Prerequisite[];
  readonly branch: string;
  /** Shell command that has to succeed; null when none is configured. */
  readonly check: string | null;
  /** The run profile it is done in. */
  readonly mode?: Mode | null | undefined;
  /** The runs of this task that came to nothing, the first one first. */
  readonly earlier?: readonly Run[] | undefined;
  /** What the agent runs to say that it is done. */
  readonly reportCommand: string;
};

// A line of a plan may hold a block of code, which stays inside of its bullet.
const bullets = (texts: readonly string[]): string[] => texts.map((text) => `- ${text.replaceAll('\n', '\n  ')}`);

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length > 0 ? ['', `## ${title}`, '', ...lines] : [];

/** A command as code that ends where the command ends, whatever backticks are in it. */
const code = (text: string): string => {
  const plain = oneLine(text);
  const longest = Math.max(0, ...(plain.match(/`+/gu) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${plain} ${fence}` : `${fence}${plain}${fence}`;
};

const result = ({ id, title, branch, summary }: Prerequisite): string => {
  const where = branch === null ? '' : `, on branch ${code(branch)}`;
  return `${id} ${oneLine(title)}: done${where}${summary ? `. It said: ${oneLine(summary)}` : ''}`;
};

const requirementLines = (task: Task, spec: Spec | undefined): string[] => [
  ...(task.requirements.length > 0 ? [`It serves requirements ${task.requirements.join(', ')}.`] : []),
  ...(task.barrier ? ['It concerns all requirements of the plan; every other task is done.'] : []),
  ...(spec ? [`The whole plan is ${code(spec.name)}, read from ${code(spec.source)}.`] : []),
];

const HERE = 'Work only in this folder. Do not touch other worktrees, other branches or the configuration of git.';
const ASK = 'If you cannot go on without an answer, ask your question and wait.';

const gateRule = ({ gates }: Mode): string[] =>
  gates.length === 0
    ? []
    : [`Then these gates decide as well, run here after you, one after the other: ${gates.map(code).join(', ')}.`];

/** What holds for work that changes nothing. */
const readingRules = (context: BriefContext, mode: Mode): string[] => [
  HERE,
  'Only read: change no file and commit nothing. What you change all the same is put aside and is no result.',
  ...gateRule(mode),
  `Your findings are the result. When you are done, say them: ${code(context.reportCommand.replace('what was done', 'what you found'))}`,
  ASK,
];

const rules = (context: BriefContext): string[] => [
  HERE,
  `Commit everything on the branch ${code(context.branch)}, which is checked out here; leave nothing uncommitted.`,
  context.check === null
    ? 'Make sure that it works before you say so.'
    : `Run the check ${code(context.check)} here until it succeeds. It is run again after you, and decides.`,
  ...(context.mode ? gateRule(context.mode) : []),
  `When all of this is true, say that you are done: ${code(context.reportCommand)}`,
  ...(context.mode?.autonomy === 'full' ? [] : [ASK]),
];

const modeLines = (mode: Mode | null | undefined): string[] =>
  !mode || mode.preamble.trim() === '' ? [] : [`You work in ${oneLine(mode.name)} mode.`, '', mode.preamble];

const SHOWN_ATTEMPTS = 3;

/** Why it is done once more. The first line tells programs which attempt this is. */
const attemptLines = (earlier: readonly Run[] = []): string[] => {
  const last = earlier.at(-1);
  if (!last) return [];
  const ended = earlier.slice(-SHOWN_ATTEMPTS).map(({ attempt, branch, failure }) => {
    const how = failure ? `${failure.class}: ${oneLine(failure.message)}` : 'nothing';
    return `The ${attempt}. ended with ${how}. Its branch is ${code(branch)}.`;
  });
  return [`Attempt ${last.attempt + 1}. The ones before:`, '', ...bullets(ended)];
};

/** What an agent reads before it begins: Markdown without anything a terminal would act on, the last line for programs. */
export const briefFor = (task: Task, context: BriefContext): string => {
  const facts = {
    task: task.id,
    spec: task.spec,
    branch: context.branch,
    complexity_score: task.complexity_score,
    ...(context.mode ? { mode: context.mode.name } : {}),
    requirements: task.requirements,
    dependencies: task.dependencies,
  };
  const lines = [
    `# Task ${task.id}: ${oneLine(task.title)}`,
    ...section('How to work', modeLines(context.mode)),
    ...(task.description.trim() === '' ? [] : ['', task.description]),
    ...section('What to do', bullets(task.details)),
    ...section('Requirements', requirementLines(task, context.spec)),
    ...section('Acceptance criteria', bullets(task.acceptance_criteria)),
    ...section('What it builds on', bullets(context.prerequisites.map(result))),
    ...section('Earlier attempts', attemptLines(context.earlier)),
    ...section('Rules', bullets(context.mode?.read_only ? readingRules(context, context.mode) : rules(context))),
    '',
    // Without angle brackets no text of the plan can end the comment.
    `<!-- drover ${JSON.stringify(facts).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e')} -->`,
    '',
  ];
  return withoutControls(lines.join('\n'));
};
