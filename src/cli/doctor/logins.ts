import { readFile, stat } from 'node:fs/promises';
import { type Credentials, contentIn, type Login, type LoginRule } from '../../agents/login.ts';

type Env = Readonly<Record<string, string | undefined>>;

const KEYCHAIN: Login = { kind: 'unknown', why: 'its login is in the keychain, if there is one' };

/** The login that a file tells of, as it stands at a time in milliseconds since 1970. */
const loginIn = (rule: LoginRule, credentials: Credentials, now: number): Login | undefined => {
  const said = rule.read(credentials);
  if (said?.kind !== 'timed') return said;
  const { by, ends, renews } = said;
  return ends === null || ends > now || renews
    ? { kind: 'yes', by }
    : { kind: 'no', why: `the login in ${by} ended ${new Date(ends).toISOString().slice(0, 10)}` };
};

/** What the variables and the files say of a login, the first that says anything. */
export const loginOf = (rule: LoginRule, env: Env, files: readonly Credentials[], now: number): Login => {
  const variable = rule.variables.find((name) => env[name]);
  if (variable !== undefined) return { kind: 'yes', by: variable };
  const logins = files.map((file) => loginIn(rule, file, now)).filter((login) => login !== undefined);
  const otherwise = rule.keychain && process.platform === 'darwin' ? KEYCHAIN : rule.otherwise;
  return logins.find(({ kind }) => kind === 'yes') ?? logins[0] ?? otherwise;
};

/** The credentials that are there; a folder, and what is no JSON, has no content. */
export const readCredentials = async (rule: LoginRule, env: Env): Promise<readonly Credentials[]> => {
  const read = async (file: string): Promise<Credentials | undefined> => {
    if (!(await stat(file).catch(() => null))) return undefined;
    return { file, content: contentIn(await readFile(file, 'utf8').catch(() => '')) };
  };
  return (await Promise.all(rule.files(env).map(read))).filter((one) => one !== undefined);
};
