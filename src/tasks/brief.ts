import { oneLine, withoutControls } from '../lib/text.ts';
import type { Spec } from '../state/specs.ts';
import type { Task } from '../state/tasks.ts';

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

const rules = (context: BriefContext): string[] => [
  'Work only in this folder. Do not touch other worktrees, other branches or the configuration of git.',
  `Commit everything on the branch ${code(context.branch)}, which is checked out here; leave nothing uncommitted.`,
  context.check === null
    ? 'Make sure that it works before you say so.'
    : `Run the check ${code(context.check)} here until it succeeds. It is run again after you, and decides.`,
  `When all of this is true, say that you are done: ${code(context.reportCommand)}`,
  'If you cannot go on without an answer, ask your question and wait.',
];

/** What an agent reads before it begins: Markdown without anything a terminal would act on, the last line for programs. */
export const briefFor = (task: Task, context: BriefContext): string => {
  const facts = {
    task: task.id,
    spec: task.spec,
    branch: context.branch,
    complexity_score: task.complexity_score,
    requirements: task.requirements,
    dependencies: task.dependencies,
  };
  const lines = [
    `# Task ${task.id}: ${oneLine(task.title)}`,
    ...(task.description.trim() === '' ? [] : ['', task.description]),
    ...section('What to do', bullets(task.details)),
    ...section('Requirements', requirementLines(task, context.spec)),
    ...section('Acceptance criteria', bullets(task.acceptance_criteria)),
    ...section('What it builds on', bullets(context.prerequisites.map(result))),
    ...section('Rules', bullets(rules(context))),
    '',
    // Without angle brackets no text of the plan can end the comment.
    `<!-- drover ${JSON.stringify(facts).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e')} -->`,
    '',
  ];
  return withoutControls(lines.join('\n'));
};
