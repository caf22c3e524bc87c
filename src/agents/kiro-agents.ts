import { shellQuote } from '../lib/text.ts';
import type { FoundFile, LaunchOptions } from './adapter.ts';
import { homeOf, valueAt } from './login.ts';

type Env = Readonly<Record<string, string | undefined>>;
type Json = Readonly<Record<string, unknown>>;

/** The name of the agent that is derived for an instance. */
export const DERIVED = 'drover-kiro';

/** Events of Kiro's hooks; that it waits for a permission, was interrupted or failed none of them tells. */
const EVENTS = ['agentSpawn', 'userPromptSubmit', 'postToolUse', 'stop'];
/** Milliseconds that Kiro waits for a hook at most. */
const TIMEOUT = 10_000;

const folderOf = (env: Env): string => env['KIRO_HOME'] || `${homeOf(env)}/.kiro`;

/** Where Kiro's agents lie, those that win first, and which of them is the person's choice. */
export const agentFiles = ({ worktree, env }: { readonly worktree: string; readonly env: Env }): readonly string[] => {
  const own = env['KIRO_AGENT_CONFIG_DIR'];
  const agents = own ? [`${own}/*.json`] : [`${worktree}/.kiro/agents/*.json`, `${folderOf(env)}/agents/*.json`];
  return [...agents, `${folderOf(env)}/settings/cli.json`];
};

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (text: string): Json | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** A prompt that lies in a file is named from the folder of the agent's own file, which a copy is not in. */
const absolutePrompt = (prompt: unknown, folder: string): unknown => {
  const file = typeof prompt === 'string' ? /^file:\/\/(?<path>[^/~].*)$/u.exec(prompt)?.groups?.['path'] : undefined;
  return file === undefined ? prompt : `file://${folder}/${file.replace(/^\.\//u, '')}`;
};

type Agent = { readonly name: string; readonly content: Json };

const agentIn = ({ path, content }: FoundFile): Agent | undefined => {
  const json = parsed(content);
  if (!json) return undefined;
  const [, folder = '', stem = ''] = /^(.*)\/([^/]+)\.json$/u.exec(path) ?? [];
  const name = typeof json['name'] === 'string' && json['name'] !== '' ? json['name'] : stem;
  const prompt = 'prompt' in json ? { prompt: absolutePrompt(json['prompt'], folder) } : {};
  return { name, content: { ...json, name, ...prompt } };
};

/** The person's agents: of those with the same name the first one counts. */
const agentsIn = (found: readonly FoundFile[]): readonly Agent[] => {
  const agents = new Map<string, Agent>();
  for (const file of found) {
    const agent = file.path.endsWith('/settings/cli.json') ? undefined : agentIn(file);
    if (agent && !agents.has(agent.name)) agents.set(agent.name, agent);
  }
  return [...agents.values()];
};

const chosenIn = (found: readonly FoundFile[]): string | undefined => {
  const settings = found.find(({ path }) => path.endsWith('/settings/cli.json'));
  const json = settings && parsed(settings.content);
  const name = json && (json['chat.defaultAgent'] ?? valueAt(json, 'chat', 'defaultAgent'));
  return typeof name === 'string' ? name : undefined;
};

/** The hooks of an agent with ours behind them, in the shape that its file has: by event, or one list. */
const withHooks = (hooks: unknown, hook: string): unknown => {
  const command = shellQuote(hook);
  if (Array.isArray(hooks)) {
    const ours = EVENTS.slice(1).map((event) => ({
      ...{ name: `drover-${event}`, trigger: event.charAt(0).toUpperCase() + event.slice(1) },
      ...{ action: { type: 'command', command }, timeout: TIMEOUT / 1000 },
    }));
    return [...hooks, ...ours];
  }
  const known = isJson(hooks) ? hooks : {};
  const listOf = (event: string): readonly unknown[] => (Array.isArray(known[event]) ? known[event] : []);
  const ours = EVENTS.map((event) => [event, [...listOf(event), { command, timeout_ms: TIMEOUT }]] as const);
  return { ...known, ...Object.fromEntries(ours) };
};

const fileOf = (folder: string, name: string, content: Json): FoundFile => ({
  path: `${folder}/${encodeURIComponent(name)}.json`,
  content: `${JSON.stringify(content, null, 2)}\n`,
});

/** The agent that arguments name, and the other arguments. */
export const agentAmong = (
  args: readonly string[],
): { readonly agent?: string; readonly others: readonly string[] } => {
  const at = args.findIndex((arg) => arg === '--agent' || arg.startsWith('--agent='));
  if (at < 0) return { others: args };
  const isJoined = args[at] !== '--agent';
  const agent = isJoined ? args[at]!.slice('--agent='.length) : (args[at + 1] ?? '');
  return { agent, others: args.toSpliced(at, isJoined ? 1 : 2) };
};

/**
 * Copies of a person's agents in a folder of ours, and one more: the agent that they use, with our hooks behind its own. None
 * where they use the one that is built in, of which a copy would lose the prompt.
 */
export const derivedAgents = (
  { found = [], hook, derived }: Pick<LaunchOptions, 'found' | 'hook' | 'derived'>,
  named: string | undefined,
): readonly FoundFile[] => {
  const agents = agentsIn(found);
  const chosen = named ?? chosenIn(found);
  const agent = agents.find(({ name }) => name === chosen);
  if (!agent) return [];
  const ours = { ...agent.content, name: DERIVED, hooks: withHooks(agent.content['hooks'], hook) };
  return [...agents.map(({ name, content }) => fileOf(derived, name, content)), fileOf(derived, DERIVED, ours)];
};
