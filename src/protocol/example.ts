import { exampleValue } from './example-value.ts';
import { EXAMPLE_IDS } from './forms.ts';
import { NEEDED_PARAMETER, NEEDS_TEXT } from './lexicon.ts';
import { say } from './say.ts';
import type { Signature } from './signature.ts';
import type { CommandVocabulary } from './vocabulary.ts';

/** What is tested in the examples, by where. */
const TEST_EXAMPLES: Readonly<Record<string, string>> = {
  failure: 'simulate',
  integration: 'merge-conflicts',
  swarm: 'launch',
};

/** Whether a command cannot do without its text. */
export const needsText = ({ verb, target }: Signature): boolean =>
  NEEDS_TEXT.has(verb) && !(verb === 'create' && target === 'required');

/** A command line that shows how a command is said. */
export const exampleOf = (signature: Signature): string => {
  const { verb, noun, target, parameters, text, needs = [] } = signature;
  if (verb === 'test' && noun === 'protocol') return 'test protocol parse "run task abc beast mode"';
  const wanted = [NEEDED_PARAMETER[verb], ...needs].filter(
    (key) => key !== undefined && key !== text && key !== 'count',
  );
  return say({
    verb,
    noun,
    modifiers: [],
    parameters: {
      ...(verb === 'test' ? { op: TEST_EXAMPLES[noun] } : {}),
      ...(target === 'required' && noun !== 'swarm' ? { id: EXAMPLE_IDS[noun] ?? `${noun}-1` } : {}),
      ...(verb === 'scale' && parameters.includes('count') ? { count: 5 } : {}),
      ...Object.fromEntries(wanted.map((key) => [key, exampleValue(signature, key!)])),
      ...(text !== undefined && (needsText(signature) || needs.includes(text)) ? { text: '…' } : {}),
    },
  });
};

/** An example for the verb of a line, or a general one. */
export const exampleFor = (vocabulary: CommandVocabulary, word: string): string => {
  const verb = vocabulary.verbs.get(word)?.[0]?.verb ?? 'run';
  const [signature] = vocabulary.byVerb.get(verb) ?? [];
  return signature ? exampleOf(signature) : 'run task abc beast mode';
};
