import { z } from 'zod';
import { checksSchema } from './check-settings.ts';
import { budgetsSchema, limitsSchema, priceSchema, resourcesSchema } from './cost-settings.ts';
import { ownSandboxSchema, sandboxSchema } from './sandbox-settings.ts';
import { isBranchName } from './names.ts';
import { patternSchema } from './pattern-schema.ts';
import { ALLOWS, HARMLESS, RUNS } from './setting-power.ts';
import { POLICIES } from './specs.ts';
import {
  cleanupSchema,
  communicationSchema,
  conflictsSchema,
  gitSchema,
  integrationSchema,
  launchSchema,
  raceSettingsSchema,
  taskOrderSchema,
  workflowSchema,
  worktreesSchema,
} from './swarm-settings.ts';
import { syncSchema } from './sync.ts';
import { variablesSchema } from './variables-schema.ts';

const duration = z.number().int().positive();

const rules = z.array(
  z
    .string()
    .regex(
      /^[\w.*-]+(?:\(.+\))?$/su,
      'a rule is a tool or a tool with a pattern, as in Bash(npm test:*) or Edit(src/**)',
    ),
);

/** What is answered for a person when an agent asks for a permission. A key that is left out says nothing. */
const permissionSettingsSchema = z
  .strictObject({
    policy: z
      .enum(['ask', 'allow', 'deny'])
      .optional()
      .describe('What is answered where no rule matches; ask: a person is asked. Without it: ask'),
    allow: rules
      .optional()
      .describe('Rules for what is allowed without a question: Bash(npm test:*), Edit(src/**), WebFetch(domain:x.org)'),
    deny: rules.optional().describe('Rules for what is denied without a question; they beat all that allow'),
  })
  .meta(ALLOWS);
export type PermissionSettings = z.infer<typeof permissionSettingsSchema>;

/** Instances, their folders, worktrees, branches and sessions are called after their agent. */
const agentName = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,39}$/u, 'the name of an agent is at most 40 letters, digits, "-" and "_"');

/** One agent that the configuration adds or changes. */
export const agentSettingsSchema = z.strictObject({
  command: z.array(z.string()).min(1).optional().describe('Program and arguments; never read by a shell'),
  resume: z.array(z.string()).default([]).describe('Arguments added to continue the conversation of {conversation}'),
  prompt: z
    .enum(['typed', 'argument', 'stdin'])
    .default('typed')
    .describe('How a brief reaches it: typed into its terminal, or as the last argument of a new start'),
  env: variablesSchema.describe('Variables added to its environment; secret:name stands for a secret of yours'),
  pass_env: z
    .array(z.string())
    .default([])
    .describe('Names of variables it may see of the environment that Drover was started in'),
  ready: patternSchema.optional().describe('Regular expression on its screen: takes a prompt'),
  idle: patternSchema.optional().describe('Regular expression on its screen: finished'),
  question: patternSchema.optional().describe('Regular expression on its screen: waits for a person'),
  permissions: permissionSettingsSchema.optional().describe('What is answered when this agent asks for a permission'),
  sandbox: ownSandboxSchema,
});
export type AgentSettings = z.infer<typeof agentSettingsSchema>;

/** The themes of the screen that are always there. */
export const THEME_NAMES = ['auto', 'dark', 'light', 'high-contrast', 'color-blind'] as const;

const AUTONOMY = ['ask', 'edit', 'auto', 'full'] as const;

/** A named run profile: how an agent is started, how far it may go without asking, and what is asked of it. */
export const modeSettingsSchema = z.strictObject({
  description: z.string().describe('What it is for, in a sentence'),
  enabled: z.boolean().describe('Whether this repository allows it; beast is not allowed until this is set'),
  autonomy: z
    .enum(AUTONOMY)
    .describe('What the agent does without asking: nothing, edits, edits and harmless commands, or everything'),
  args: z
    .record(z.string(), z.array(z.string()))
    .describe('Arguments added at the start, by agent; those for the autonomy are known already'),
  retries: z.number().int().min(0).max(10).describe('How often a failed run is tried again by itself'),
  preamble: z.string().describe('What the brief says first'),
  read_only: z.boolean().describe('The agent is asked to change nothing, and what it changes is no result'),
  gates: z.array(z.string()).describe('Shell commands that must succeed beside the check of the task'),
  permissions: permissionSettingsSchema
    .optional()
    .describe('What is answered when an agent in it asks for a permission'),
  sandbox: ownSandboxSchema,
});
export type ModeSettings = z.infer<typeof modeSettingsSchema>;
export type Autonomy = ModeSettings['autonomy'];

/** `.drover/config.json`. Every key has a default: an empty object is a whole configuration. */
export const settingsSchema = z.strictObject({
  agent: z.string().default('claude').describe('The agent that is started when none is named').meta(HARMLESS),
  agents: z.record(agentName, agentSettingsSchema).default({}).describe('Agents by name').meta(RUNS),
  // Without defaults: a key that is left out stays as it is in the built-in profile of that name.
  modes: z
    .record(z.string(), modeSettingsSchema.partial())
    .default({})
    .describe('Modes by name, beside and over beast, safe, review and tdd')
    .meta(RUNS),
  security: z
    .strictObject({
      localRole: z
        .enum(['viewer', 'operator', 'integrator', 'admin'])
        .default('admin')
        .describe('What whoever may open the daemon’s socket is allowed to do, unless an agent’s program does it')
        .meta(ALLOWS),
      unknownRole: z
        .enum(['viewer', 'operator', 'integrator', 'admin'])
        .default('viewer')
        .describe('What a program is allowed to do of which nobody can tell whether a person or an agent started it')
        .meta(ALLOWS),
    })
    .prefault({}),
  permissions: permissionSettingsSchema.prefault({}),
  sandbox: sandboxSchema,
  limits: limitsSchema,
  launch: launchSchema,
  communication: communicationSchema,
  tmux: z
    .strictObject({
      socket: z
        .string()
        .regex(/^(?!\.{1,2}$)[^/\p{Cc}]+$/u, 'it is a name, without /')
        .optional()
        .describe('Name of a tmux server of its own (tmux -L); default: your own server')
        .meta(RUNS),
      cols: z
        .number()
        .int()
        .min(20)
        .max(500)
        .default(120)
        .describe('Width of an agent’s terminal in columns, while nobody is attached')
        .meta(HARMLESS),
      rows: z
        .number()
        .int()
        .min(5)
        .max(200)
        .default(36)
        .describe('Height of an agent’s terminal in rows, while nobody is attached')
        .meta(HARMLESS),
    })
    .prefault({}),
  branches: z
    .strictObject({
      base: z.string().optional().describe('Branch that work starts from; default: the one checked out').meta(HARMLESS),
      task: z
        .string()
        .regex(/\S/u, 'it is empty')
        .regex(/^(?:[^{}]|\{(?:task|slug)\})*$/u, 'only {task} and {slug} stand for something in it')
        .default('feature/{task}-{slug}')
        .describe('Name of a task’s branch; {task} is the id of the task, {slug} its title in short')
        .meta(HARMLESS),
      integration: z
        .string()
        .refine(isBranchName, 'git does not accept that as the name of a branch')
        .default('drover/integration')
        .describe('Branch that batches are merged into')
        // It moves that branch, which may be one that its owner had before.
        .meta(ALLOWS),
    })
    .prefault({}),
  checks: checksSchema,
  worktrees: worktreesSchema,
  cleanup: cleanupSchema,
  integration: integrationSchema,
  review: z
    .enum(['none', 'before-merge'])
    .default('none')
    .describe(
      'before-merge: only work is merged that a person has approved, at the very commit; none: all that is verified',
    )
    .meta(ALLOWS),
  conflicts: conflictsSchema,
  race: raceSettingsSchema,
  sync: syncSchema,
  git: gitSchema,
  plan: z
    .strictObject({
      policy: z.enum(POLICIES).default('kiro').describe('What depends on what when a plan does not say').meta(HARMLESS),
      barrier: z.boolean().default(true).describe('Tasks for “All requirements” wait for all others').meta(HARMLESS),
      strategy: taskOrderSchema,
      workflow: workflowSchema,
    })
    .prefault({}),
  rehearsal: z
    .strictObject({
      plans: z
        .boolean()
        .default(false)
        .describe(
          'Whether rehearsal agents that are launched from then on get tasks that were imported, which they tick without having done them; for trials, as drover rehearse and drover demo are',
        )
        .meta(HARMLESS),
    })
    .prefault({}),
  recovery: z
    .strictObject({
      tries: z
        .number()
        .int()
        .min(0)
        .max(10)
        .default(3)
        .describe(
          'How often an agent may fail at a task before it is given up: until then its program is started again and goes on; 0: nothing is done by itself',
        )
        .meta(HARMLESS),
      backoff_ms: duration
        .default(5000)
        .describe('How long it rests before its program is started again; twice as long before each further time')
        .meta(HARMLESS),
      moves: z
        .number()
        .int()
        .min(0)
        .max(10)
        .default(1)
        .describe('How often a task that was given up goes to another instance by itself')
        .meta(HARMLESS),
      patience_ms: duration
        .default(600_000)
        .describe('A task waits for the limit of its agent to end if that takes no longer; else it may go elsewhere')
        .meta(HARMLESS),
    })
    .prefault({}),
  tui: z
    .strictObject({
      theme: z
        .string()
        .min(1)
        .default('auto')
        .describe(
          'Colours of the screen: auto (by the terminal’s background), dark, light, high-contrast, color-blind, or a file in drover/themes',
        )
        .meta(HARMLESS),
      ascii: z
        .boolean()
        .optional()
        .describe('Plain characters instead of lines and signs; default: where the locale is not UTF-8')
        .meta(HARMLESS),
      reduced_motion: z
        .boolean()
        .default(false)
        .describe('Nothing blinks, panes change twice a second, ages every ten seconds')
        .meta(HARMLESS),
      title: z
        .boolean()
        .default(true)
        .describe('The screen says in the title of the terminal’s window how many need you and how many tasks are done')
        .meta(HARMLESS),
      bell: z
        .enum(['off', 'bell', 'notify'])
        .default('bell')
        .describe(
          'How the screen tells of a new question, a failure, or that all is done; bell: the terminal’s bell, notify: a notification of the desktop (OSC 9), inside tmux the bell',
        )
        .meta(HARMLESS),
    })
    .prefault({}),
  prices: z
    .record(z.string(), priceSchema)
    .default({})
    .describe('What models cost, by name; * stands for any letters. Without an entry, money is what the agent tells'),
  budgets: budgetsSchema,
  resources: resourcesSchema,
  timeouts: z
    .strictObject({
      start_ms: duration.default(60_000).describe('An agent that is not ready by then has failed').meta(HARMLESS),
      idle_ms: duration
        .default(300_000)
        .describe('An agent at work without a sign of life for so long is stuck')
        .meta(HARMLESS),
      limit_ms: duration
        .default(300_000)
        .describe('How long an agent rests whose limit is used up, where it does not say until when')
        .meta(HARMLESS),
      question_ms: duration
        .default(600_000)
        .describe(
          'A question that nobody has answered by then raises one more alert, of the severity error; its agent goes on waiting',
        )
        .meta(HARMLESS),
      stop_ms: duration
        .default(10_000)
        .describe('How long a graceful stop may take before it is forced')
        .meta(HARMLESS),
    })
    .prefault({}),
});
export type Settings = z.infer<typeof settingsSchema>;
