import { EXAMPLE_IDS } from '../../protocol/forms.ts';
import { ROLES, type Role } from '../../protocol/signature.ts';
import { INSTANCE_STATES, type Instance } from '../../state/instances.ts';
import { modeNamed, modeNames } from '../../state/modes.ts';
import { settingKeys, variableOf } from '../../state/setting-layers.ts';
import { settingsSchema } from '../../state/settings.ts';
import { TASK_STATES, type Task } from '../../state/tasks.ts';
import { INSTANCE_LOOK } from '../instance-rows.ts';
import { RULE_MEANINGS } from '../order-text.ts';
import { plural } from '../wording.ts';
import type { Catalogue } from './catalogue.ts';
import { GLOSSARY } from './glossary.ts';
import { definitions, fold } from './text-columns.ts';

export type Topic = {
  readonly name: string;
  readonly summary: string;
  readonly text: (catalogue: Catalogue) => string;
};

export const INSTANCE_MEANINGS: Readonly<Record<Instance['state']['kind'], string>> = {
  creating: 'its worktree and session are being made',
  starting: 'its program runs and does not take a task yet',
  idle: 'it waits for a task',
  working: 'it is at work on a task',
  waiting: 'it asks something and needs a person: answer ID "…"',
  verifying: 'it reports that it is done, and the check runs',
  paused: 'it was told to wait: resume ID',
  stuck: 'at work without a sign of life for too long',
  limited: 'a limit of its account is used up: it goes on by itself when that ends',
  stopping: 'it is being ended',
  stopped: 'it was ended; its worktree and branch are there: restart ID',
  failed: 'it ended by itself, or could not start',
  lost: 'its session is gone without a word',
  unknown: 'nothing confirms any more what it does',
};

export const TASK_MEANINGS: Readonly<Record<Task['state'], string>> = {
  open: 'nobody has it; it is ready when all it depends on is done',
  assigned: 'it is in the queue of an instance',
  running: 'an instance is at work on it',
  verifying: 'it is claimed to be done, and the check runs',
  done: 'there are commits and nothing is left uncommitted; its check succeeded, or it has none (unchecked)',
  failed: 'its run ended badly: show result ID, then retry task ID',
  blocked: 'it cannot go on by itself: show task ID says why',
  cancelled: 'it was given up',
};

/** Words for tasks beside their states, as in "list ready tasks". */
export const TASK_WORD_MEANINGS: Readonly<Record<string, string>> = {
  pending: 'it is open: nobody has it',
  ready: 'it could begin at once',
  queued: 'it begins by itself as soon as an agent is free',
  waiting: 'it depends on tasks that are not done',
  unassigned: 'it has been given to nobody',
  unmerged: 'it is done, and in no batch',
  merged: 'it is on the integration branch',
  archived: 'it was put out of the way',
};

const ROLE_MEANINGS: Readonly<Record<Role, string>> = {
  agent: 'an agent itself: status, help, and reports on its own task',
  viewer: 'looks and changes nothing',
  operator: 'runs, assigns, launches, stops, tells',
  integrator: 'also merges',
  admin: 'also configuration and the state itself; who owns the repository is admin',
};

export const EXIT_CODES: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'done'],
  ['1', 'failed, or not available yet'],
  ['2', 'not understood, or not valid'],
  ['3', 'not found'],
  ['4', 'not allowed to this role'],
  ['5', 'has to be confirmed: repeat it with --yes'],
  ['6', 'in conflict with how things are'],
  ['7', 'no daemon'],
  ['124', 'took too long, or done in part'],
];

const NOUNS_WITH_IDS = ['instance', 'task', 'integration', 'branch', 'spec', 'group'] as const;
const ID_MEANINGS: Readonly<Record<(typeof NOUNS_WITH_IDS)[number], string>> = {
  instance: 'an instance: its agent and a number that is never used twice',
  task: 'a task: its number in the plan, or t<n>, or what id= said',
  integration: 'a batch of merges',
  branch: 'a branch',
  spec: 'a plan: its folder, or its name once it is imported',
  group: 'a group of instances',
};

const paragraphs = (...texts: readonly (string | readonly string[])[]): string =>
  texts.map((text) => (typeof text === 'string' ? fold(text, 0) : text.join('\n'))).join('\n\n');

const modesText = ({ commands }: Catalogue): string => {
  const defaults = settingsSchema.parse({});
  const rows = modeNames(defaults).map((name): [string, string] => {
    const { description, enabled } = modeNamed(name, defaults);
    return [name, `${description}${enabled ? '' : ' (not allowed until the configuration enables it)'}`];
  });
  const taking = commands.filter((one) => one.modifiers.some((word) => word.endsWith('-mode')) && !one.reads);
  return paragraphs(
    'A mode is a profile that a task is run in: how far the agent may go without asking, what is asked of it, and how often a failed run is tried again.',
    definitions(rows),
    `Say it with the command: run task 3.1 in safe mode. It is understood by ${taking.map(({ verb, noun }) => `${verb} ${noun}`).join(', ')}. Modes of your own, and changes to these, stand under "modes" in the configuration.`,
  );
};

const configurationText = (): string => {
  const [first] = settingKeys();
  return paragraphs(
    `A setting comes from the first of these that has it: -c KEY=VALUE, a DROVER_* variable, .drover/config.json, your own file, the default. "drover config list" shows each with its value and where that comes from, "drover config validate" checks the files. The variable of ${first!.key} is ${variableOf(first!.key)}.`,
    definitions(settingKeys().map(({ key, description }) => [key, description])),
  );
};

/** What help explains beside commands. */
export const topics: readonly Topic[] = [
  { name: 'modes', summary: 'Profiles that a task is run in', text: modesText },
  {
    name: 'states',
    summary: 'What the states of instances and tasks mean',
    text: () =>
      paragraphs(
        'Instances. A state that is only a guess from the screen is marked so; show instance ID says since when, from where and by what evidence.',
        definitions(INSTANCE_STATES.map((kind) => [`${INSTANCE_LOOK[kind].glyph} ${kind}`, INSTANCE_MEANINGS[kind]])),
        'Tasks. In lists an open one is "ready" or "waits for" others, a merged one "merged".',
        definitions(TASK_STATES.map((state) => [state, TASK_MEANINGS[state]])),
        'More words for tasks, in commands such as "list ready tasks".',
        definitions(Object.entries(TASK_WORD_MEANINGS)),
      ),
  },
  {
    name: 'roles',
    summary: 'Who may say what',
    text: ({ commands }) => {
      const counted = (role: Role) =>
        role === 'agent' ? commands.filter((one) => one.agents) : commands.filter((one) => one.role === role);
      return paragraphs(
        'Each role may say what the roles above it in this list may say. The role agent stands apart: it has a few commands of its own.',
        definitions(ROLES.map((role) => [role, `${ROLE_MEANINGS[role]} (${plural(counted(role).length, 'command')})`])),
      );
    },
  },
  {
    name: 'exit-codes',
    summary: 'What the exit codes mean',
    text: () => definitions(EXIT_CODES).join('\n'),
  },
  {
    name: 'glossary',
    summary: 'What the words mean',
    text: () => paragraphs(...GLOSSARY.flatMap(([title, entries]) => [`${title}.`, definitions(entries)])),
  },
  { name: 'configuration', summary: 'Settings, and where they come from', text: configurationText },
  {
    name: 'keys',
    summary: 'Keys of the screen',
    text: () =>
      paragraphs(
        'On the screen, ? lists every key. You begin in the command line; Esc gives the keys to the panes: the arrows select one, Enter opens its terminal (Ctrl-] comes back), r answers who asks, n goes to the next that needs you, : leads back to the command line, and q leaves while the agents keep running. In a shell, "drover help keys" lists them all.',
      ),
  },
  {
    name: 'ids',
    summary: 'How things are named',
    text: () =>
      paragraphs(
        definitions(NOUNS_WITH_IDS.map((noun) => [EXAMPLE_IDS[noun] ?? noun, ID_MEANINGS[noun]])),
        'Several are joined by commas or "and": run tasks 3.1, 3.2 and 4. Instead of ids say all, a state (failed tasks), last or next; "except ID" leaves some out. A command that only reads means all of them when it names none; one that changes something has to name some. A word that is also a keyword goes in quotes.',
      ),
  },
  {
    name: 'plans',
    summary: 'Where tasks come from, and their order',
    text: () =>
      paragraphs(
        'A plan is a Kiro spec: a folder with tasks.md (numbered check boxes) and requirements.md or bugfix.md beside it, or a plan of another tool. "import spec PATH" reads it; said again, it takes over what has changed. Ticked boxes count as done; a merge ticks the box in the file on the integration branch. Tasks can also be made one by one: create task "…" deps=3.1 check="npm test".',
        'Where the plan does not say what depends on what, the policy decides:',
        definitions([
          [
            'kiro',
            'the graph of the plan where it has one, else what its tasks say, else as Kiro does it: checkpoints wait for everything before them, groups are done in order, the tasks of a group together, tests after its work',
          ],
          ['siblings', 'sub-tasks of one heading one after the other, headings side by side'],
          ['strict', 'everything in the order of the file'],
          ['none', 'nothing but what is said'],
        ]),
        'Under siblings and strict the graph of a plan is ignored; what its tasks say counts under every policy.',
        '"plan spec NAME" shows what each policy would give, and "set spec NAME policy=strict" changes it; what has begun stays. Each wait has the rule that it came from:',
        definitions(Object.entries(RULE_MEANINGS).map(([rule, text]) => [rule, text])),
        '"plan tasks" shows what can run together and the longest chain; "drover rehearse SPEC" plays it through without cost.',
      ),
  },
];
