import { appendFile, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { adapterFor, agentNames } from '../../agents/index.ts';
import { locate } from '../../client/locate.ts';
import { privateFolder } from '../../client/start.ts';
import { readLayers } from '../../daemon/config/config.ts';
import { assertOwn, withKeyOf } from '../../daemon/config/project-file.ts';
import { readTrust, writeTrust } from '../../daemon/config/trust-store.ts';
import { openVersions } from '../../daemon/config/versions.ts';
import { findRepository } from '../../git/open.ts';
import { defineError } from '../../lib/errors.ts';
import { unlessMissing } from '../../lib/missing.ts';
import type { Paths } from '../../lib/paths.ts';
import { shownLine } from '../../lib/text.ts';
import { openProcesses } from '../../process/broker.ts';
import { programIn } from '../../process/in-path.ts';
import { mergedLayers, type Withheld } from '../../state/setting-layers.ts';
import { type Settings, settingsSchema } from '../../state/settings.ts';
import { createFile } from '../../state/store/disk.ts';
import { splitPowers, withheldIn } from '../../state/trust.ts';
import { powerLines, withheldKeys, withheldSentence } from '../../text/trust-rows.ts';
import { askRunning } from '../ask-running.ts';
import type { Flags, Io } from '../io.ts';
import { readOptions } from '../options.ts';
import { printLine } from '../print.ts';
import { openInterview } from './interview.ts';
import { type ProjectCheck, projectCheck } from './project-check.ts';
import { trust } from './trust.ts';

const otherAgent = defineError('init/other-agent', 6, (p: { file: string; known: string; wanted: string }) => ({
  message: `${p.file} names the agent "${p.known}" already, and init changes no file that is there`,
  hint: `Change it with: drover config set agent ${p.wanted}`,
}));

const givenUp = defineError('init/given-up', 1, () => ({
  message: 'Nothing was written, because the questions were not answered.',
  hint: 'Say "drover init --yes" to take what is proposed.',
}));

const EXCLUDED = ['# Files that Drover makes', '/.drover/local/'];

/** Writes a file unless it is there; whether it was written. */
const writeNew = async (file: string, text: string): Promise<boolean> => {
  await mkdir(dirname(file), { recursive: true });
  return createFile(file, text);
};

/** Writes the first settings of a repository, with a version that can be gone back to. */
const writeFirst = ({ config, configVersions }: Paths, text: string): Promise<boolean> =>
  openVersions(configVersions, config, () => new Date().toISOString()).keep(
    { by: 'cli', change: 'written by drover init' },
    () => writeNew(config, text),
  );

/**
 * Has a daemon that runs already take over what was written: whatever is launched next goes by it. One that does not answer comes
 * to it by itself.
 */
const tellDaemon = async (io: Io): Promise<void> => {
  // Before it answers this it reads the file anew.
  await askRunning(io, 'show trust').catch(() => undefined);
};

/** Adds what is missing at the end of the file: what stands in it is the person's, in whatever encoding it is written. */
const exclude = async (commonDir: string): Promise<boolean> => {
  const file = `${commonDir}/info/exclude`;
  const text = (await unlessMissing(readFile(file, 'latin1'))) ?? '';
  const missing = EXCLUDED.filter((line) => !text.split(/\r?\n/u).includes(line));
  if (missing.length === 0) return false;
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`);
  return true;
};

const assertUsable = async (io: Io, paths: Paths): Promise<void> => {
  const processes = await openProcesses({ forked: false });
  try {
    await findRepository(paths.root, processes, io.env);
  } finally {
    await processes[Symbol.asyncDispose]();
  }
};

/** The agents whose programs are here, those that cost nothing last. */
const installedAgents = (settings: Settings, path: string): readonly string[] =>
  agentNames(settings)
    .filter((name) => name === 'rehearsal' || programIn(path, adapterFor(name, settings).program) !== undefined)
    .toSorted((a, b) => Number(a === 'rehearsal') - Number(b === 'rehearsal'));

/** The agent of the settings where its program is here, else the first that is. */
const usualAgent = ({ agent }: Settings, installed: readonly string[]): string =>
  installed.includes(agent) ? agent : installed[0]!;

type Plan = { readonly agent: string; readonly check: ProjectCheck | undefined };

/** What is going to be written: proposals, and on a terminal what the person makes of them. */
const decidePlan = async (io: Io, plan: Plan, choice: { agents: readonly string[]; fixed: boolean }): Promise<Plan> => {
  using interview = openInterview(io);
  const ask = async (question: string, proposal: string): Promise<string> => {
    const answer = await interview.ask(question, proposal);
    if (answer !== null) return answer;
    // The question still waits on the line.
    printLine(io.stderr, '\n');
    throw givenUp();
  };
  const { agents, fixed } = choice;
  let agent = plan.agent;
  if (!fixed && agents.length > 1) {
    const question = `Which agent is to work by default (${agents.join(', ')})?`;
    agent = await ask(question, plan.agent);
    while (!agents.includes(agent)) agent = await ask(`"${shownLine(agent)}" is not here. ${question}`, plan.agent);
  }
  if (!plan.check) return { agent, check: undefined };
  const { command, from } = plan.check;
  const question = `Does a task count as done only when "${shownLine(command)}" (from ${from}) succeeds in its worktree?`;
  return { agent, check: /^n/iu.test(await ask(question, 'yes')) ? undefined : plan.check };
};

const configOf = ({ agent, check }: Plan) => ({ agent, ...(check ? { checks: { task: check.command } } : {}) });

const configText = (plan: Plan): string => `${JSON.stringify(configOf(plan), null, 2)}\n`;

const PLAYS = 'plays an agent and does no work; with a real one installed: drover config set agent NAME';

/** What a person reads after the first time. */
const story = ({ agent, check }: Plan, config: string, settings: Settings, agents: readonly string[]): string => {
  const { title, install } = adapterFor(agent, settings);
  const others = agents.filter((name) => name !== agent);
  return [
    `Wrote ${config} (agent: ${agent}).`,
    `  agent  ${agent}${title === agent ? '' : ` (${title})`}${others.length > 0 ? `; also here: ${others.join(', ')}` : ''}`,
    ...(agents.includes(agent) ? [] : [`         not installed yet: ${install}`]),
    ...(agent === 'rehearsal' ? [`         ${PLAYS}`] : []),
    check
      ? `  check  ${check.command} (from ${check.from}): must succeed before a task counts as done`
      : '  check  none; name one with: drover config set checks.task "make test"',
    'Commit that file where others are to work with the same settings.',
  ].join('\n');
};

const NEXT = `
Next:
  drover doctor              is everything here that is needed?
  drover import spec PATH    a plan; or one task: drover do 'create task "…"'
  drover                     the screen
`;

/** Whether there are settings already; rejects where they would be written elsewhere. */
const isConfigured = async (file: string): Promise<boolean> => {
  const isThere = await stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  if (!isThere) await assertOwn(file);
  return isThere;
};

/** Whether a person is there to be asked. */
const canAsk = (io: Io, flags: Flags): boolean =>
  !flags.yes && !flags.json && !flags.jsonl && io.interactive !== false && io.stdin.isTTY === true;

/** An agent that is wanted exists, and is the one that a configuration names which is there already. */
const assertWanted = (wanted: string | undefined, settings: Settings, known: string | undefined): void => {
  if (wanted === undefined) return;
  adapterFor(wanted, settings);
  if (known !== undefined && wanted !== settings.agent)
    throw otherAgent({ file: known, known: settings.agent, wanted });
};

/** What is done in a repository: what was found there, what was decided, and what was written. */
type Outcome = {
  readonly paths: Paths;
  readonly settings: Settings;
  readonly agents: readonly string[];
  readonly plan: Plan;
  readonly isWritten: boolean;
  readonly isChanged: boolean;
  /** What a file that is there already asks for and nobody has trusted. */
  readonly withheld: Withheld | undefined;
  /** It is shown and asked about at once, so that it is not named here. */
  readonly asksTrust: boolean;
};

const outcomeData = ({ paths, settings, agents, plan, isWritten, isChanged, withheld }: Outcome) => ({
  root: paths.root,
  config: paths.config,
  state: paths.state,
  changed: isChanged,
  agent: isWritten ? plan.agent : settings.agent,
  check: (isWritten ? plan.check?.command : settings.checks.task) ?? null,
  installed: agents,
  untrusted: withheld ? withheldKeys(withheld) : [],
});

const outcomeText = ({ paths, settings, agents, plan, isWritten, isChanged, withheld, asksTrust }: Outcome): string => {
  if (isWritten) return story(plan, paths.config, settings, agents);
  return [
    `${paths.config} is there already${isChanged ? ' and stays as it is.' : '; nothing changed.'}`,
    ...(withheld && !asksTrust
      ? [
          withheldSentence(paths.config, withheld),
          ...powerLines(withheld.trusted, withheld.asked),
          'Read it. If it may do that: drover trust',
        ]
      : []),
  ].join('\n');
};

const printOutcome = (io: Io, flags: Flags, outcome: Outcome): void => {
  if (flags.json || flags.jsonl) printLine(io.stdout, JSON.stringify(outcomeData(outcome), null, flags.json ? 2 : 0));
  else if (!flags.quiet) printLine(io.stdout, `${outcomeText(outcome)}\n${NEXT}`);
};

const readSettings = async (io: Io, paths: Paths) => {
  const layers = await readLayers(paths.config, io.env);
  return { layers, settings: settingsSchema.parse(mergedLayers(layers)) };
};

/** Has what was written hold at once. */
const makeHold = async (io: Io, { config }: Paths, plan: Plan): Promise<void> => {
  // The person has seen what is written here, or said that whatever is proposed will do.
  const isPerson = io.env['DROVER_INSTANCE'] === undefined;
  // What is trusted of a .worktreeinclude stays so.
  const before = readTrust(config, io.env)?.powers ?? {};
  const { powers } = splitPowers(configOf(plan));
  if (isPerson) writeTrust(config, io.env, withKeyOf(powers, before, 'worktrees.included'));
  await tellDaemon(io);
};

/** Prepares a repository: configuration, state directory, excluded paths. Doing it again changes nothing. */
export const init = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const { values } = readOptions(argv, { values: ['agent'] });
  const wanted = values['agent'];
  const paths = locate(io.cwd, io.env);
  await assertUsable(io, paths);
  const known = await isConfigured(paths.config);
  const before = await readSettings(io, paths);
  assertWanted(wanted, before.settings, known ? paths.config : undefined);
  const agents = installedAgents(before.settings, io.env['PATH'] ?? '');
  const proposal = { agent: wanted ?? usualAgent(before.settings, agents), check: await projectCheck(paths.root) };
  const asks = !known && canAsk(io, flags);
  const plan = asks ? await decidePlan(io, proposal, { agents, fixed: wanted !== undefined }) : proposal;
  privateFolder(paths.state);
  const isWritten = !known && (await writeFirst(paths, configText(plan)));
  // Somebody else may have written it since.
  const { layers, settings } = isWritten || known ? before : await readSettings(io, paths);
  if (!isWritten) assertWanted(wanted, settings, paths.config);
  if (isWritten) await makeHold(io, paths, plan);
  const isExcluded = await exclude(paths.commonDir);
  const withheld = isWritten ? undefined : withheldIn(layers);
  const asksTrust = withheld !== undefined && canAsk(io, flags);
  printOutcome(io, flags, {
    paths,
    settings,
    agents,
    plan,
    isWritten,
    isChanged: isWritten || isExcluded,
    withheld,
    asksTrust,
  });
  // A no is an answer: the repository is prepared, and what is not trusted stays off.
  if (asksTrust) await trust(io, flags, []);
  return 0;
};
