import { z } from 'zod';
import { USUAL_WORKTREES_FOLDER } from '../lib/worktrees-folder.ts';
import { MERGE_STRATEGIES } from './batches.ts';
import { CONFLICT_POLICIES } from './conflicts.ts';
import { LOCAL_HOST } from './instances.ts';
import { RACE_WINNERS } from './races.ts';
import { resolutionShape } from './resolution-settings.ts';
import { ALLOWS, HARMLESS, RUNS } from './setting-power.ts';
import { variablesSchema } from './variables-schema.ts';
import { WORKFLOWS } from './workflows.ts';

/** A choice among what there is by now; whoever wants something else is told what that is. */
const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, { error: `there is only ${values.join(', ')}` });

export const TASK_ORDERS = ['critical-path', 'fifo', 'load-balance', 'spread-groups', 'manual'] as const;
/** Which of the tasks that are ready goes first. */
export type TaskOrder = (typeof TASK_ORDERS)[number];

export const taskOrderSchema = z
  .enum(TASK_ORDERS)
  .default('critical-path')
  .describe(
    'Which ready task goes first; critical-path: the one with the heaviest chain of tasks behind it, then by priority; fifo: by priority, then in the order of the plans; load-balance: the longest, to whom has done least; spread-groups: one of each group in turn; manual: nothing goes by itself, each task is assigned by somebody',
  )
  .meta(HARMLESS);

export const launchSchema = z
  .strictObject({
    count: z
      .number()
      .int()
      .min(1)
      .default(1)
      .describe(
        'How many instances are launched when a command says no number; for tasks that nobody could do never more than there are tasks or places',
      )
      .meta(HARMLESS),
    target: oneOf(LOCAL_HOST)
      .default(LOCAL_HOST)
      .describe('The machine on which new instances are launched; local: the one of the repository')
      .meta(HARMLESS),
  })
  .prefault({});

const afterTrouble = z.enum(['go-on', 'stop']).default('go-on');

export const integrationSchema = z
  .strictObject({
    method: z
      .enum(MERGE_STRATEGIES)
      .default('merge')
      .describe(
        'How branches are merged; merge: a merge commit for each task, squash: one commit without the history of its branch, rebase: its commits anew, one after the other',
      )
      .meta(HARMLESS),
    together: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(8)
      .describe(
        'How many merges the gates judge at once; when they fail, halves are judged until the merge that is to blame is found. 1: every merge by itself',
      )
      .meta(HARMLESS),
    on_conflict: afterTrouble
      .describe(
        'When a branch conflicts with what is merged already, it is set aside; go-on: the rest of the batch is merged, stop: nothing more is merged in this batch',
      )
      .meta(HARMLESS),
    on_failed_check: afterTrouble
      .describe(
        'When the check after a merge fails, that merge is undone and its task has failed; go-on: the rest of the batch is merged, stop: nothing more is merged in this batch',
      )
      .meta(HARMLESS),
    ...resolutionShape,
  })
  .prefault({});
export type IntegrationPolicy = z.infer<typeof integrationSchema>;

/** Patterns as in a `.gitignore`. */
const patterns = z
  .array(z.string().regex(/^[^\0\r\n]*[^\0\r\n\s][^\0\r\n]*$/u, 'a pattern is one line, as in a .gitignore'))
  .default([]);

const portsSchema = z
  .strictObject({
    each: z
      .number()
      .int()
      .min(0)
      .max(100)
      .default(0)
      .describe(
        'How many free ports each instance gets for itself, as DROVER_PORT, DROVER_PORT_1 … for its agent, its set-up and its checks; 0: none',
      )
      .meta(HARMLESS),
    from: z.number().int().min(1024).max(60_000).default(20_000).describe('The lowest of these ports').meta(HARMLESS),
  })
  .prefault({});

/** A folder of the repository, by its path from the top. */
const folderBelow = z
  .string()
  .regex(/^(?!\/)/u, 'it is a path from the top of the repository, without a / before it')
  .regex(/^(?!(?:.*\/)?\.{1,2}(?:\/|$))/u, 'there is no . or .. in it')
  .regex(/^(?!.*\/\/)[^\s\p{Cc}"](?:[^\p{Cc}"]*[^\s\p{Cc}"])?$/u, 'it is the path of one folder, without quotes');

export const worktreesSchema = z
  .strictObject({
    folder: z
      .string()
      .regex(/^(?:\/|~\/|\{data\}\/|(?:\.\.\/)+)/u, 'it begins with /, ~/, {data}/, or ../ for beside the repository')
      .regex(/^(?:\.\.\/)*(?!.*(?:^|\/)\.{1,2}(?:\/|$))/u, 'after its beginning there is no . or .. in it')
      .regex(/\{hash\}/u, 'it must hold {hash}, so that no two repositories share a folder')
      .regex(
        /^(?:\{data\})?(?:[^{}\p{Cc}]|\{(?:repo|hash)\})+$/u,
        'only {repo}, {hash} and, at its beginning, {data} stand for something in it',
      )
      .default(USUAL_WORKTREES_FOLDER)
      .describe(
        'Where new worktrees are put, each in a folder of its name in this one; {data} is $XDG_DATA_HOME, {repo} the repository’s folder name, {hash} its own short name',
      )
      .meta(RUNS),
    sparse: z
      .array(folderBelow)
      .default([])
      .describe(
        'Folders of the repository that a new worktree has, with the files at the top, as git sparse-checkout makes it: ["apps/web", "libs/core"]; []: all of it. The worktree of batches has all of it',
      )
      .meta(ALLOWS),
    copy: patterns
      .describe(
        'Files of the checkout that git does not track and every new worktree gets a copy of, as patterns like those of .gitignore: [".env*", "config/local.json"]',
      )
      .meta(ALLOWS),
    link: patterns
      .describe('The same for what is linked instead; of a folder each entry is: ["node_modules", ".cache"]')
      .meta(ALLOWS),
    include: z
      .boolean()
      .default(true)
      .describe('Whether what a .worktreeinclude of the repository names is copied as well, as far as git ignores it')
      .meta(ALLOWS),
    included: patterns
      .describe(
        'What the .worktreeinclude of the repository may name: it is followed as long as it says just this. It comes from that file itself, and holds once you trust it',
      )
      .meta(ALLOWS),
    setup: z
      .string()
      .optional()
      .describe('Shell command that makes a new worktree ready before its agent is started there, as "npm ci"')
      .meta(RUNS),
    teardown: z.string().optional().describe('Shell command that is run in a worktree before it is removed').meta(RUNS),
    timeout_ms: z
      .number()
      .int()
      .positive()
      .default(900_000)
      .describe('A set-up or teardown that takes longer has failed')
      .meta(HARMLESS),
    setups: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('How many set-ups run at once, the others wait; without it one for every two cores of the machine')
      .meta(HARMLESS),
    env: variablesSchema
      .describe(
        'Variables for all that runs in a worktree: agent, set-up, checks; secret:name stands for a secret of yours',
      )
      .meta(RUNS),
    ports: portsSchema,
  })
  .prefault({});

/** The folders that a new worktree has, by their plain names; none where it has everything. */
export const sparseFolders = ({ worktrees }: { worktrees: z.infer<typeof worktreesSchema> }): readonly string[] =>
  worktrees.sparse.map((folder) => folder.replace(/\/$/u, ''));

/** A time as people write it, or no such thing at all. */
const timeOrOff = z.string().regex(/^(?:off|\d+(?:\.\d+)?(?:s|m|h|d))$/u, 'it is a time like 30m, 24h or 7d, or off');

export const cleanupSchema = z
  .strictObject({
    grace: timeOrOff
      .default('24h')
      .describe(
        'How long after its merge the worktree of a stopped instance stays; then it goes, when it is clean, unlocked and nobody is in it. off: it stays',
      )
      .meta(HARMLESS),
    trash: timeOrOff
      .default('24h')
      .describe(
        'How long the folder of a removed worktree is kept, so that "restore worktree" brings it back as it was. off: it is deleted at once',
      )
      .meta(HARMLESS),
  })
  .prefault({});

export const raceSettingsSchema = z
  .strictObject({
    winner: z
      .enum(RACE_WINNERS)
      .default('ask')
      .describe(
        'Who takes the winner of a race; ask: you, first-green: the first racer whose gates succeed wins and the others are stopped, smallest: when all have finished, the one with the fewest changed lines',
      )
      .meta(HARMLESS),
  })
  .prefault({});

export const communicationSchema = z
  .strictObject({
    protocol: oneOf('unix')
      .default('unix')
      .describe(
        'How commands reach the daemon; unix: over a socket of its repository. A daemon keeps the one that it was started with',
      )
      .meta(HARMLESS),
  })
  .prefault({});

export const conflictsSchema = z
  .strictObject({
    policy: z
      .enum(CONFLICT_POLICIES)
      .default('warn')
      .describe(
        'When the work of two agents would conflict; warn: an alert tells of it, pause: whose run began later is paused as well, serialise: it goes on by itself when the other one is done, and tasks that claim these files wait',
      )
      .meta(HARMLESS),
    tell: z
      .boolean()
      .default(false)
      .describe('Whether the agents concerned are told of it, once, by a line that is typed into them')
      .meta(HARMLESS),
    overlaps: z
      .boolean()
      .default(false)
      .describe('Whether an alert also tells of files that two agents change where their changes merge so far')
      .meta(HARMLESS),
  })
  .prefault({});
export type ConflictSettings = z.infer<typeof conflictsSchema>;

export const gitSchema = z
  .strictObject({
    guard: oneOf('on', 'off')
      .default('on')
      .describe(
        'on: git that agents and checks start refuses to change the stash, tags, and branches that are not those of their worktree; off: it changes whatever it is told to',
      )
      .meta(ALLOWS),
  })
  .prefault({});

export const workflowSchema = z
  .enum(WORKFLOWS)
  .default('feature-branch')
  .describe(
    'What every task is done with that does not say it itself; feature-branch: commits on its branch, pr: at the end the agent publishes it as a pull request, trunk: at the end it brings the newest base in, tdd: it begins with a test that fails',
  )
  .meta(ALLOWS);
