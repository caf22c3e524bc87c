import type { Reply } from './adapter.ts';

const YES = /^(?:y|yes|ok|okay|sure|approve|allow)[.!]?$/iu;
const NO = /^(?:n|no|nope|deny|reject|refuse)[.!]?$/iu;

/** Whether an answer is a plain yes or no. */
export const meaningOf = (answer: string): 'yes' | 'no' | undefined => {
  const said = answer.trim();
  return YES.test(said) ? 'yes' : NO.test(said) ? 'no' : undefined;
};

/** The reply to a question that is answered by a line of text. */
export const typedReply = (_question: string, answer: string): Reply => ({ keys: [`text:${answer}`, 'Enter'] });

/** The reply to a program of which only the question is known: `[y/n]` wants a letter. */
export const shortReply = (question: string, answer: string): Reply => {
  const meaning = meaningOf(answer);
  const letters = /\by\/n\b/iu.test(question);
  return typedReply(question, letters && meaning !== undefined ? meaning.charAt(0) : answer);
};

/** What an agent is told when a refusal has ended its turn. */
export const REFUSED = 'No, not that. Find another way, or say what keeps you from going on.';
