import { VERBS } from '../../protocol/lexicon.ts';

const WORDS: ReadonlySet<string> = new Set(['attach', ...(VERBS['attach'] ?? '').split(' ')]);

/** Whether this command gives the terminal to an agent. */
export const isAttachCommand = (text: string): boolean => WORDS.has(/\S+/u.exec(text)?.[0].toLowerCase() ?? '');
