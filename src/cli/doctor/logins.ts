import { readFile, stat } from 'node:fs/promises';

type Env = Readonly<Record<string, string | undefined>>;

/** What can be known of a login without asking the service. */
export type Login =
  | { readonly kind: 'yes'; readonly by: string }
  | { readonly kind: 'no'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** A file with credentials; of its content only what says until when they hold. */
export type Credentials = { readonly file: string; readonly content: unknown };

/** How one agent program keeps its login. */
export type LoginRule = {
  /** Variables that hold a key or name a service of another kind; the first that is set is the login. */
  readonly variables: readonly string[];
  /** Where its credentials lie, relative to nothing. */
  readonly files: (env: Env) => readonly string[];
  /** What a file says; undefined when it says nothing of a login. */
  readonly read: (credentials: Credentials, now: number) => Login | undefined;
  /** What it means that there is neither. */
  readonly otherwise: Login;
  /** The command that logs in. */
  readonly repair: string;
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);

const homeOf = (env: Env): string => env['HOME'] ?? '';

/** A login that ends at a time, in milliseconds since 1970, unless it renews itself. */
const until = (file: string, { ends, renews }: { ends: unknown; renews: boolean }, now: number): Login =>
  typeof ends !== 'number' || ends > now || renews
    ? { kind: 'yes', by: file }
    : { kind: 'no', why: `the login in ${file} ended ${new Date(ends).toISOString().slice(0, 10)}` };

const NOBODY: Login = { kind: 'no', why: 'nobody seems to be logged in' };

/** How the login of each known program can be seen, by the name of the program. */
export const LOGINS: Readonly<Record<string, LoginRule>> = {
  claude: {
    variables: [
      ...['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'],
      ...['CLAUDE_CODE_USE_BEDROCK', 'CLAUDE_CODE_USE_VERTEX'],
    ],
    files: (env) => {
      const folder = env['CLAUDE_CONFIG_DIR'] || `${homeOf(env)}/.claude`;
      return [`${folder}/.credentials.json`, `${folder}/settings.json`];
    },
    read: ({ file, content }, now) => {
      if (at(content, 'apiKeyHelper') !== undefined)
        return { kind: 'unknown', why: `${file} names a helper for its key` };
      const oauth = at(content, 'claudeAiOauth');
      if (!isRecord(oauth)) return undefined;
      return until(file, { ends: oauth['expiresAt'], renews: Boolean(oauth['refreshToken']) }, now);
    },
    otherwise:
      process.platform === 'darwin'
        ? { kind: 'unknown', why: 'its login is in the keychain, if there is one' }
        : NOBODY,
    repair: 'claude /login',
  },
  'kiro-cli': {
    variables: ['KIRO_API_KEY'],
    files: (env) => [
      `${env['XDG_DATA_HOME'] || `${homeOf(env)}/.local/share`}/kiro-cli`,
      `${homeOf(env)}/Library/Application Support/kiro-cli`,
      `${homeOf(env)}/.kiro`,
      `${homeOf(env)}/.aws/amazonq`,
    ],
    read: ({ file }) => ({ kind: 'unknown', why: `it has run before (${file}), and keeps its login to itself` }),
    otherwise: NOBODY,
    repair: 'kiro-cli login',
  },
  codex: {
    variables: ['OPENAI_API_KEY', 'CODEX_API_KEY'],
    files: (env) => [`${env['CODEX_HOME'] || `${homeOf(env)}/.codex`}/auth.json`],
    read: ({ file, content }) =>
      at(content, 'OPENAI_API_KEY') || at(content, 'tokens', 'refresh_token') ? { kind: 'yes', by: file } : undefined,
    otherwise: NOBODY,
    repair: 'codex login',
  },
  gemini: {
    variables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENAI_USE_VERTEXAI'],
    files: (env) => [`${homeOf(env)}/.gemini/oauth_creds.json`],
    read: ({ file, content }, now) =>
      isRecord(content)
        ? until(file, { ends: content['expiry_date'], renews: Boolean(content['refresh_token']) }, now)
        : undefined,
    otherwise: NOBODY,
    repair: 'gemini',
  },
  opencode: {
    variables: [],
    files: (env) => [`${env['XDG_DATA_HOME'] || `${homeOf(env)}/.local/share`}/opencode/auth.json`],
    read: ({ file, content }) =>
      isRecord(content) && Object.keys(content).length > 0 ? { kind: 'yes', by: file } : undefined,
    otherwise: { kind: 'unknown', why: 'it has no login of its own, and may take a key of its provider' },
    repair: 'opencode auth login',
  },
};

/** What the variables and the files say of a login, the first that says anything. */
export const loginOf = (rule: LoginRule, env: Env, files: readonly Credentials[], now: number): Login => {
  const variable = rule.variables.find((name) => env[name]);
  if (variable !== undefined) return { kind: 'yes', by: variable };
  const said = files.map((file) => rule.read(file, now)).filter((login) => login !== undefined);
  return said.find(({ kind }) => kind === 'yes') ?? said[0] ?? rule.otherwise;
};

/** The files and folders that are there; a folder, and what is no JSON, has no content. */
export const readCredentials = async (rule: LoginRule, env: Env): Promise<readonly Credentials[]> => {
  const read = async (file: string): Promise<Credentials | undefined> => {
    if (!(await stat(file).catch(() => null))) return undefined;
    const content: unknown = await readFile(file, 'utf8')
      .then((text) => JSON.parse(text) as unknown)
      .catch(() => null);
    return { file, content };
  };
  return (await Promise.all(rule.files(env).map(read))).filter((one) => one !== undefined);
};
