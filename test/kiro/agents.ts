import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

type Hook = { readonly command: string; readonly matcher?: string };
type Listed = { readonly trigger: string; readonly action: { readonly command: string } };

export type Agent = {
  readonly name: string;
  readonly allowedTools: readonly string[];
  readonly allowedCommands: readonly RegExp[];
  hooksOf(event: string): readonly string[];
};

/** The keys of an agent's file; a file with any other is refused. */
const KEYS = [
  ...[
    'name',
    'description',
    'prompt',
    'mcpServers',
    'tools',
    'toolAliases',
    'allowedTools',
    'toolsSettings',
    'resources',
  ],
  ...[
    'hooks',
    'includeMcpJson',
    'useLegacyMcpJson',
    'model',
    'keyboardShortcut',
    'welcomeMessage',
    'permissions',
    '$schema',
  ],
];

/** An agent without a file: it reads without asking. */
const BUILT_IN: Agent = {
  name: 'kiro_default',
  allowedTools: ['fs_read'],
  allowedCommands: [],
  hooksOf: () => [],
};

export const home = process.env['KIRO_HOME'] || join(process.env['HOME'] ?? '', '.kiro');

const folders = (): readonly string[] => {
  const own = process.env['KIRO_AGENT_CONFIG_DIR'];
  return own ? [own] : [join(process.cwd(), '.kiro/agents'), join(home, 'agents')];
};

const isFlat = (list: unknown): boolean =>
  Array.isArray(list) && list.every((hook) => typeof (hook as Hook | null)?.command === 'string');

/** An agent by its file; undefined when the file is not as it has to be. */
const agentIn = (path: string): Agent | undefined => {
  try {
    const json = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    if (Object.keys(json).some((key) => !KEYS.includes(key))) return undefined;
    const hooks = (json['hooks'] ?? {}) as Record<string, Hook[]> | Listed[];
    if (!Array.isArray(hooks) && !Object.values(hooks).every(isFlat)) return undefined;
    const prompt = String(json['prompt'] ?? '');
    const file = prompt.startsWith('file://') ? prompt.slice('file://'.length) : undefined;
    if (file !== undefined && !existsSync(file.startsWith('/') ? file : join(path, '..', file))) return undefined;
    const settings = (json['toolsSettings'] ?? {}) as { execute_bash?: { allowedCommands?: string[] } };
    return {
      name: String(json['name'] ?? basename(path, '.json')),
      allowedTools: (json['allowedTools'] ?? []) as string[],
      allowedCommands: (settings.execute_bash?.allowedCommands ?? []).map((one) => new RegExp(`^${one}$`, 'su')),
      hooksOf: (event) =>
        Array.isArray(hooks)
          ? hooks
              .filter(({ trigger }) => trigger.toLowerCase() === event.toLowerCase())
              .map(({ action }) => action.command)
          : (hooks[event] ?? []).map(({ command }) => command),
    };
  } catch {
    return undefined;
  }
};

/** The agent of a name; one that is not found is silently the one that is built in. */
export const agentNamed = (name: string | undefined): Agent => {
  const settings = join(home, 'settings/cli.json');
  const chosen =
    name ??
    (existsSync(settings)
      ? ((JSON.parse(readFileSync(settings, 'utf8')) as Record<string, string>)['chat.defaultAgent'] ?? '')
      : '');
  const files = folders().flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((one) => one.endsWith('.json'))
          .map((one) => join(folder, one))
      : [],
  );
  return files.map(agentIn).find((agent) => agent?.name === chosen) ?? BUILT_IN;
};

/** Runs the hooks of an event one after the other, without a timeout; resolves with the highest exit code. */
export const runHooks = async (agent: Agent, event: string, more: object): Promise<number> => {
  let worst = 0;
  for (const command of agent.hooksOf(event)) {
    const hook = spawn('bash', ['-c', command], { stdio: ['pipe', 'ignore', 'ignore'] });
    hook.stdin.on('error', () => undefined);
    hook.stdin.end(JSON.stringify({ hook_event_name: event, cwd: process.cwd(), ...more }));
    const code = await new Promise<number>((resolve) => void hook.on('close', (one) => resolve(one ?? 1)));
    worst = Math.max(worst, code);
  }
  return worst;
};
