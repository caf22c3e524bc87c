import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Confirmation } from '../ports/swarm.ts';
import type { Loss } from './define.ts';

/** A question before a loss: the command in its own words, who says the command, and what would be lost now. */
type Question = { readonly said: string; readonly actor: string; readonly loss: Loss };

const VALID_MS = 5 * 60_000;

const digest = (key: string, { said, actor, loss }: Question, expires: string): string =>
  createHmac('sha256', key)
    .update(JSON.stringify([said, actor, loss.targets, loss.asOf ?? null, expires]))
    .digest('hex')
    .slice(0, 24);

/**
 * The question with a token that answers it. It confirms this command of this actor for these targets until it expires;
 * `key` is known to the daemon alone, so that a token cannot be made up.
 */
export const confirmationFor = (key: string, question: Question, now: string): Confirmation => {
  const expires = new Date(Date.parse(now) + VALID_MS).toISOString();
  const { targets, loses } = question.loss;
  return { token: `${Date.parse(expires).toString(36)}-${digest(key, question, expires)}`, targets, loses, expires };
};

/** Whether a token confirms the question: the same command, the same actor, the same targets, in time. */
export const isConfirmed = (key: string, question: Question, now: string, token: string | undefined): boolean => {
  const { until = '', hex = '' } = /^(?<until>[a-z\d]{1,12})-(?<hex>[a-f\d]{24})$/u.exec(token ?? '')?.groups ?? {};
  const expires = Number.parseInt(until, 36);
  if (hex === '' || !(expires > Date.parse(now)) || expires > Date.parse(now) + VALID_MS) return false;
  const expected = digest(key, question, new Date(expires).toISOString());
  return timingSafeEqual(Buffer.from(hex), Buffer.from(expected));
};
