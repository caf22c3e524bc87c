import { defineError } from '../../lib/errors.ts';
import type { Flags, Io } from '../io.ts';
import { readOptions } from '../options.ts';
import { sayArguments } from '../say.ts';

const notOne = defineError('trust/not-one', 2, () => ({
  message: 'Trust takes one word at most: show or revoke.',
  hint: 'Say drover trust, drover trust --show or drover trust --revoke.',
}));

/** The words that a reader of either form may say for the same. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  config: [],
  show: ['show', 'trust'],
  remove: ['remove', 'trust'],
  revoke: ['remove', 'trust'],
};

/** `drover trust [--show | --revoke]`: said to the daemon, which knows who speaks: an agent trusts nothing. */
export const trust = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const { switches, words } = readOptions(argv, { switches: ['show', 'revoke'], words: 1 });
  const said = [...words, ...switches];
  const [first = 'config'] = said;
  const line = Object.hasOwn(SAID, first) ? SAID[first] : undefined;
  if (line === undefined || said.length > 1) throw notOne();
  if (line.length > 0) return sayArguments(io, flags, line);
  return sayArguments(io, flags, ['trust', 'config', ...(flags.trust === undefined ? [] : [`hash=${flags.trust}`])]);
};
