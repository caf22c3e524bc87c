import { execa } from 'execa';
import { adapterFor, agentNames } from '../agents/index.ts';
import { oneLine, shortened } from '../lib/text.ts';
import { type Settings, settingsSchema } from '../state/settings.ts';
import { type Finding, fine, note, problem } from './finding.ts';

type Env = NodeJS.ProcessEnv;

const INSTALL = (program: string): string =>
  `sudo apt install ${program} (Debian, Ubuntu), sudo dnf install ${program} (Fedora), sudo pacman -S ${program} (Arch), brew install ${program} (macOS)`;

/** What a program prints; undefined when it is not there, an empty text when it fails. */
const output = async (program: string, args: readonly string[], env: Env): Promise<string | undefined> => {
  const result = await execa(program, args, { env, extendEnv: false, reject: false, timeout: 5000, stdin: 'ignore' });
  if (result.failed && result.exitCode === undefined) return undefined;
  return result.exitCode === 0 ? result.stdout : '';
};

const atLeast = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const [a = 0, b = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return a > major || (a === major && b >= minor);
};

const checkProgram = async (
  name: string,
  args: readonly string[],
  least: readonly [number, number],
  env: Env,
): Promise<Finding> => {
  const text = await output(name, args, env);
  if (text === undefined) return problem(name, 'not found', `install with: ${INSTALL(name)}`);
  const version = /\d+\.\d+\w*/u.exec(text)?.[0] ?? '';
  if (version === '') return problem(name, 'does not tell its version', `install with: ${INSTALL(name)}`);
  if (!atLeast(version, least))
    return problem(name, `${version} is too old, ${least.join('.')} is needed`, `install with: ${INSTALL(name)}`);
  return fine(name, version);
};

/** Where the credentials of agents lie, as far as that says anything without a request to their service. */
const LOGINS: Readonly<
  Record<string, { readonly files: readonly string[]; readonly variables: readonly string[]; readonly login: string }>
> = {
  claude: {
    files: ['.claude/.credentials.json', '.claude.json'],
    variables: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'],
    login: 'claude, then /login',
  },
  kiro: { files: ['.kiro', '.aws/amazonq'], variables: ['KIRO_API_KEY'], login: 'kiro-cli login' },
};

const checkAgent = async (
  agent: string,
  settings: Settings,
  env: Env,
  exists: (path: string) => boolean,
): Promise<Finding> => {
  const name = `agent ${agent}`;
  const { program, versionArgs, install } = adapterFor(agent, settings);
  if (agent === 'rehearsal') return fine(name, 'comes with Drover');
  const text = await output(program, versionArgs.length > 0 ? versionArgs : ['--version'], env);
  const wanted = settings.agent === agent;
  if (text === undefined)
    return wanted
      ? problem(name, `"${program}" is not found, and it is the agent of the configuration`, install)
      : note(name, `"${program}" is not installed`);
  const version = shortened(oneLine(text.split('\n')[0] ?? ''), 40);
  const login = LOGINS[agent];
  const known =
    !login ||
    login.variables.some((variable) => env[variable]) ||
    login.files.some((file) => exists(`${env['HOME'] ?? ''}/${file}`));
  return known
    ? fine(name, version || 'found')
    : note(name, `${version || 'found'}, but nobody seems to be logged in`, login.login);
};

/** tmux, git, Node and the agents. */
export const checkPrograms = async (
  env: Env,
  settings: Settings | undefined,
  exists: (path: string) => boolean,
): Promise<Finding[]> => {
  const [tmux, git] = await Promise.all([
    checkProgram('tmux', ['-V'], [3, 2], env),
    checkProgram('git', ['--version'], [2, 38], env),
  ]);
  const known = settings ?? settingsSchema.parse({});
  const agents = await Promise.all(agentNames(known).map((agent) => checkAgent(agent, known, env, exists)));
  return [tmux, git, fine('node', process.versions.node), ...agents];
};
