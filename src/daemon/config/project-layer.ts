import { narrowsOf } from '../../state/sandbox-narrows.ts';
import { type Layer, mergedLayers, type Values } from '../../state/setting-layers.ts';
import { isSame, splitPowers, withPowers } from '../../state/trust.ts';
import { withIncluded } from './included-files.ts';
import { type Env, hashOf, readTrust } from './trust-store.ts';

/** What a file can run or allow, what is trusted of it, and whether that is the same. */
export type Powers = {
  /** All that it says. */
  readonly values: unknown;
  readonly asked: Values;
  readonly trusted: Values;
  readonly hash: string;
  readonly holds: boolean;
};

/** Compares what the repository's file asks for with what its owner has trusted. A file that asks for nothing new needs no trust. */
export const powersOf = (said: unknown, file: string, env: Env): Powers => {
  const values = withIncluded(said, file);
  const asked = splitPowers(values).powers;
  const trusted = readTrust(file, env)?.powers ?? {};
  const hash = hashOf(asked);
  return { values, asked, trusted, hash, holds: hash === hashOf(trusted) };
};

/**
 * The layer of a repository's file: its own word where nothing can come of it but that agents are shut in more than by what
 * all others say, and for the rest what was trusted.
 */
export const projectLayer = (
  said: unknown,
  { file, env, others }: { readonly file: string; readonly env: Env; readonly others: readonly Layer[] },
): Layer => {
  const { values, holds, hash, asked, trusted: before } = powersOf(said, file, env);
  if (holds) return { origin: 'project', values };
  const held: Layer = { origin: 'project', values: before };
  const narrows = narrowsOf(asked, mergedLayers([...others, held]));
  const trusted = mergedLayers([
    { origin: 'user', values: before },
    { ...held, values: narrows },
  ]) as Values;
  const also = Object.keys(narrows).length === 0 ? {} : { narrows };
  const withheld = isSame(asked, trusted) ? {} : { withheld: { hash, asked, trusted, ...also } };
  return { origin: 'project', values: withPowers(values, trusted), ...also, ...withheld };
};
