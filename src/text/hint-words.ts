import type { Hint } from '../ports/hint.ts';

type Understood = Extract<Hint, { kind: 'ok' }>;

/** Whether a command that is understood asks first, in two or three words; undefined where it does not. */
export const askingText = ({ asks, mayAsk }: Pick<Understood, 'asks' | 'mayAsk'>): string | undefined => {
  if (asks !== undefined) return 'asks first';
  return mayAsk ? 'may ask first' : undefined;
};

/** Why a command that is understood is no promise, in a few words; undefined where it is one. */
export const doubtText = ({ mayFail, idle }: Pick<Understood, 'mayFail' | 'idle'>): string | undefined => {
  if (idle) return 'nothing changes';
  return mayFail ? 'may be refused' : undefined;
};
