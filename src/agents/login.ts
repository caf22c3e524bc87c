type Env = Readonly<Record<string, string | undefined>>;

/** What can be known of a login without asking the service. */
export type Login =
  | { readonly kind: 'yes'; readonly by: string }
  | { readonly kind: 'no'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** A login that ends at a time, in milliseconds since 1970, unless it renews itself; null: no end is known. */
type TimedLogin = {
  readonly kind: 'timed';
  readonly by: string;
  readonly ends: number | null;
  readonly renews: boolean;
};

/** A file with credentials, or a folder that is there; a folder, and what is no JSON, has null for content. */
export type Credentials = { readonly file: string; readonly content: unknown };

/** How the program of an agent keeps its login. */
export type LoginRule = {
  /** Variables that hold a key or name a service of another kind; the first that is set is the login. */
  readonly variables: readonly string[];
  /** Absolute paths where the credentials may lie. */
  readonly files: (env: Env) => readonly string[];
  /** What a file says; undefined when it says nothing of a login. */
  readonly read: (credentials: Credentials) => Login | TimedLogin | undefined;
  /** The login when neither a variable nor a file says anything. */
  readonly otherwise: Login;
  /**
   * Whether a file holds a login that is renewed by a token which is good for one time, so that a copy which is renewed ends
   * the original. `env` is what the program sees.
   */
  readonly endsByCopies?: (content: unknown, env: Env) => boolean;
  /** Variables by which the program takes keys that others keep in the person's home. */
  readonly keptByOthers?: readonly string[];
  /** A login that does not end so, in words that follow "have", and the command by which it is had. */
  readonly lasting?: { readonly words: string; readonly command: string };
  /** Whether the program keeps its login in the keychain of macOS, where no file tells of it. */
  readonly keychain?: boolean;
  /** The command that logs in. */
  readonly repair: string;
};

/** The login of a program that would have left a file if anybody had logged in. */
export const NOBODY: Login = { kind: 'no', why: 'nobody seems to be logged in' };

/** The home folder of an environment; empty when it has none. */
export const homeOf = (env: Env): string => env['HOME'] ?? '';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Whether a variable is set to what programs take for a yes. */
export const isOn = (value: string | undefined): boolean =>
  !['', '0', 'false', 'no', 'off'].includes((value ?? '').trim().toLowerCase());

/** What a file of credentials holds; null for what is no JSON. */
export const contentIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** The value at a path of keys inside of parsed JSON; undefined when the path leads nowhere. */
export const valueAt = (json: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), json);

/** The login that a file of credentials holds, by the values of its end and its refresh token. */
export const timedLogin = (file: string, ends: unknown, refreshToken: unknown): TimedLogin => ({
  kind: 'timed',
  by: file,
  ends: typeof ends === 'number' ? ends : null,
  renews: Boolean(refreshToken),
});
