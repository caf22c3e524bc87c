import type { AppError } from '../../lib/errors.ts';
import type { Refusal } from '../wire.ts';

/** What is asked for once, and holds for whoever asks alone. */
const NO_STORE = { 'cache-control': 'no-store' } as const;

export const json = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...NO_STORE, ...headers },
  });

export const refusalOf = ({ code, message, hint }: AppError): Refusal => ({ error: { code, message, hint } });

/** The status by which a program that asks knows what went wrong. */
const STATUS: Readonly<Record<string, number>> = {
  'web/not-logged-in': 401,
  'web/wrong-token': 401,
  'web/wrong-host': 421,
  'web/wrong-origin': 403,
  'web/wrong-csrf': 403,
  'web/too-many-tries': 429,
  'web/too-busy': 503,
  'web/too-many-pages': 429,
  'web/not-served': 404,
  'web/not-understood': 400,
};

/** By the exit code that the same failure has in a shell. */
const BY_EXIT: Readonly<Record<number, number>> = { 1: 500, 2: 400, 3: 404, 4: 403, 5: 409, 6: 409, 7: 503, 124: 504 };

export const statusOf = ({ code, exit }: Pick<AppError, 'code' | 'exit'>): number =>
  STATUS[code] ?? BY_EXIT[exit] ?? 500;

export const refuse = (error: AppError, headers: Readonly<Record<string, string>> = {}): Response =>
  json(refusalOf(error), statusOf(error), headers);
