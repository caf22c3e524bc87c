import { EXAMPLE_IDS } from './forms.ts';
import { NEEDED_PARAMETER, NEEDS_TEXT } from './lexicon.ts';
import { say } from './say.ts';
import type { Signature } from './signature.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A command line that shows how a command is said. */
export const exampleOf = ({ verb, noun, target, parameters, text }: Signature): string => {
  if (verb === 'test' && noun === 'protocol') return 'test protocol parse "run task abc beast mode"';
  return say({
    verb,
    noun,
    modifiers: [],
    parameters: {
      ...(target === 'required' && noun !== 'swarm' ? { id: EXAMPLE_IDS[noun] ?? `${noun}-1` } : {}),
      ...(verb === 'scale' && parameters.includes('count') ? { count: 5 } : {}),
      ...(NEEDED_PARAMETER[verb] === undefined ? {} : { [NEEDED_PARAMETER[verb]]: 'kiro-1' }),
      ...(text !== undefined && NEEDS_TEXT.has(verb) && !(verb === 'create' && target === 'required')
        ? { text: '…' }
        : {}),
    },
  });
};

/** An example for the verb of a line, or a general one. */
export const exampleFor = (vocabulary: Vocabulary, word: string): string => {
  const verb = vocabulary.verbs.get(word)?.[0]?.verb ?? 'run';
  const [signature] = vocabulary.byVerb.get(verb) ?? [];
  return signature ? exampleOf(signature) : 'run task abc beast mode';
};
