import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { claudeFirstStart } from '../../agents/claude-start.ts';
import { adapterFor, agentNames } from '../../agents/index.ts';
import { pickedEnv } from '../../agents/launch-script.ts';
import { contentIn, type Login } from '../../agents/login.ts';
import { shorten, shownLine } from '../../lib/text.ts';
import type { Exit } from '../../ports/index.ts';
import { programIn } from '../../process/in-path.ts';
import { settingsSchema } from '../../state/settings.ts';
import { ask, type Examination, type Probe } from './examination.ts';
import { commandLine, error, type Finding, findingOf, note, ok, warning } from './finding.ts';
import { loginOf, readCredentials } from './logins.ts';

/** What is known of one agent. */
export type AgentFacts = {
  readonly agent: string;
  readonly program: string;
  readonly install: string;
  /** The configuration starts this one when none is named. */
  readonly wanted: boolean;
  /** Whether somebody has chosen the one that is wanted; nobody has before `drover init`. */
  readonly chosen: boolean;
  readonly found: boolean;
  /** The answer to the question for its version; null where none was asked. */
  readonly version: Exit | null;
  readonly login: Login | null;
  readonly repair: string;
  /** A variable that holds its key and that Drover would not hand on to it. */
  readonly withheld: string | null;
};

/** What is to be said about one agent that is wanted or there. */
export const judgeAgent = (facts: AgentFacts): Finding => {
  const { agent, program, wanted, chosen, found, version, login, withheld } = facts;
  if (!found && !chosen) {
    const cause = `none is chosen yet, and ${agent}, the usual one, is not installed`;
    return { ...warning('agent.unchosen', 'agent', cause, 'drover init'), label: 'choose one with' };
  }
  if (!found) {
    const cause = `"${shownLine(program)}" is not found, and it is the agent of the configuration`;
    return { ...error('agent.missing', agent, cause, facts.install), label: 'install with' };
  }
  const first = shownLine(version?.stdout.trim().split('\n')[0] ?? '');
  const said = version?.code === 0 && first !== '' ? shorten(first, 40) : 'installed, version not told';
  const weigh = wanted ? warning : note;
  if (withheld !== null) {
    const cause = `${said}, but ${withheld} is not handed on to it: it is not in agents.${agent}.pass_env`;
    const repair = commandLine('drover', 'config', 'set', `agents.${agent}.pass_env`, JSON.stringify([withheld]));
    return weigh('agent.key-withheld', agent, cause, repair);
  }
  if (login?.kind === 'no') return weigh('agent.logged-out', agent, `${said}, but ${login.why}`, facts.repair);
  if (login?.kind === 'unknown')
    return ok('agent.login-unknown', agent, `${said}; whether it is logged in cannot be known: ${login.why}`);
  return ok('agent.found', agent, login ? `${said}, logged in by ${login.by}` : said);
};

/** What Claude Code would ask at its first start, where an agent has nobody to answer; by its `.claude.json`. */
export const judgeClaudeStart = (
  content: unknown,
  { root, env }: { root: string | undefined; env: Readonly<Record<string, string | undefined>> },
): Finding[] => {
  const start = root === undefined ? 'claude' : `cd ${commandLine(root)} && claude`;
  const found = (id: `agent.${string}`, cause: string): Finding[] => [
    { ...warning(id, 'claude', `${cause}: agents would wait for an answer`, start), label: 'answer it once with' },
  ];
  switch (claudeFirstStart.asks(content, { root, env })) {
    case 'greeting':
      return found('agent.first-start', 'was never started by you and greets first');
    case 'trust':
      return found('agent.untrusted', 'asks whether it may trust this repository');
    case undefined:
      return [];
  }
};

const versionOf = (examination: Examination, program: string, args: readonly string[]): Promise<Exit | null> =>
  ask(examination, program, args.length > 0 ? args : ['--version']);

const examine = async (examination: Examination, agent: string): Promise<readonly Finding[]> => {
  const settings = examination.settings ?? settingsSchema.parse({});
  const { program, versionArgs, install, passEnv, login: rule } = adapterFor(agent, settings);
  const wanted = settings.agent === agent;
  if (agent === 'rehearsal') return [ok('agent.found', agent, 'comes with Drover')];
  const found = programIn(examination.env['PATH'] ?? '', program) !== undefined;
  if (!found && !wanted) return [];
  const seen = { ...pickedEnv(examination.env, passEnv), ...settings.agents[agent]?.env };
  const login =
    found && rule ? loginOf(rule, seen, await readCredentials(rule, examination.env), examination.now) : null;
  const withheld = rule?.variables.find((name) => examination.env[name] && !seen[name]) ?? null;
  const finding = judgeAgent({
    ...{ agent, program, install, wanted, found, login, chosen: examination.isAgentChosen },
    version: found ? await versionOf(examination, program, versionArgs) : null,
    repair: rule?.repair ?? '',
    withheld: login?.kind === 'yes' ? null : withheld,
  });
  const first = found && wanted && basename(program) === 'claude' ? await examineClaude(examination) : [];
  return [finding, ...first];
};

const examineClaude = async ({ env, place }: Examination): Promise<Finding[]> => {
  const content = contentIn(await readFile(claudeFirstStart.file(env), 'utf8').catch(() => ''));
  return judgeClaudeStart(content, { root: place?.root, env });
};

/** The agents that are known or configured, and whether they can start working. */
export const probeAgents: Probe = async (examination) => {
  const settings = examination.settings ?? settingsSchema.parse({});
  const names = agentNames(settings);
  const looks = await Promise.all(
    names.map(async (agent) => {
      try {
        return await examine(examination, agent);
      } catch (thrown) {
        return [findingOf('agent.faulty', agent, thrown)];
      }
    }),
  );
  const missing = names.filter((_name, i) => looks[i]!.length === 0);
  const unknown = names.includes(settings.agent) ? [] : unknownAgent(settings);
  const rest = missing.length === 0 ? [] : [ok('agent.others', 'not installed', missing.join(', '))];
  return [...looks.flat(), ...unknown, ...rest];
};

const unknownAgent = (settings: Parameters<typeof adapterFor>[1]): Finding[] => {
  try {
    adapterFor(settings.agent, settings);
    return [];
  } catch (thrown) {
    return [findingOf('agent.unknown', settings.agent, thrown)];
  }
};
