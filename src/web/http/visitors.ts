import type { Sessions, Visitor } from '../access/sessions.ts';
import type { Throttle } from '../access/throttle.ts';
import type { Tokens } from '../access/tokens.ts';
import { isSame } from '../access/secret-words.ts';
import { notLoggedIn, tooManyTries, wrongCsrf, wrongToken } from '../errors.ts';
import { CSRF_HEADER } from '../wire.ts';

/** What lets people in; null for all where nobody has to prove anything. */
export type Access = {
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  /** Who everybody is where `--no-auth` was said. */
  readonly anybody: Visitor | null;
  /** The name of the cookie: two servers on one machine share their cookies otherwise. */
  readonly cookie: string;
  readonly isSecure: boolean;
  /** In milliseconds since 1970. */
  readonly now: () => number;
};

/** The headers of a request, and the address it came from. */
export type Asking = { readonly headers: { get(name: string): string | null }; readonly from: string };

/** The word in the cookie of a request. */
export const cookieIn = ({ headers }: Asking, name: string): string | undefined => {
  for (const pair of (headers.get('cookie') ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
};

const bearerIn = ({ headers }: Asking): string | undefined =>
  /^Bearer (?<token>\S{1,200})$/iu.exec(headers.get('authorization') ?? '')?.groups?.['token'];

/** Lets nobody try words as fast as they like. */
const listened = <T>({ throttle }: Access, from: string, find: () => T | undefined): T => {
  const seconds = throttle.waitFor(from);
  if (seconds > 0) throw tooManyTries({ seconds });
  const found = find();
  if (found !== undefined) return found;
  throttle.fail(from);
  throw wrongToken();
};

/** Begins a session with a token or a one-time word. */
export const logIn = (access: Access, from: string, token: string) =>
  listened(access, from, () => access.sessions.begin(token));

/** Who asks: by a token in a header, which scripts have, or by the cookie of a session. Throws when it is nobody. */
export const visitorOf = (access: Access, asking: Asking): Visitor => {
  if (access.anybody) return access.anybody;
  const bearer = bearerIn(asking);
  if (bearer !== undefined) {
    const { name, role, hash } = listened(access, asking.from, () => access.tokens.find(bearer));
    return { name, role, csrf: null, until: null, key: hash, holds: () => access.tokens.has(hash) };
  }
  const word = cookieIn(asking, access.cookie);
  const visitor = word === undefined ? undefined : access.sessions.find(word);
  if (!visitor) throw notLoggedIn();
  return visitor;
};

/** Whether a request that is no reading one comes from the page of the session, and not only from a browser that has its cookie. */
export const checkCsrf = ({ csrf }: Visitor, { headers }: Asking): void => {
  if (csrf !== null && !isSame(headers.get(CSRF_HEADER) ?? '', csrf)) throw wrongCsrf();
};

/** The header that gives a browser the word of a session, or takes it away. */
export const cookieHeader = ({ cookie, isSecure }: Access, word: string, seconds: number): string =>
  [
    `${cookie}=${word}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
    `Max-Age=${seconds}`,
    ...(isSecure ? ['Secure'] : []),
  ].join('; ');
