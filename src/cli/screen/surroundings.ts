import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { agentHere } from '../../agents/agent-here.ts';
import { adapterFor, agentNames } from '../../agents/index.ts';
import { importOf, SPEC_PLACES } from '../../attention/spec-places.ts';
import type { Surroundings } from '../../attention/steps.ts';
import { programIn } from '../../process/in-path.ts';
import type { Settings } from '../../state/settings.ts';

const foldersIn = (path: string): readonly string[] => {
  try {
    return readdirSync(path).toSorted();
  } catch {
    // A repository without specs.
    return [];
  }
};

/** Whether the program of an agent is here. The one of the settings is not known where what makes it known is not trusted. */
const isInPath = (name: string, settings: Settings, path: string): boolean =>
  agentNames(settings).includes(name) && programIn(path, adapterFor(name, settings).program) !== undefined;

/** The agents whose programs are here, without the one that only pretends to work. */
export const workersHere = (settings: Settings, path: string): readonly string[] =>
  agentNames(settings).filter((name) => name !== 'rehearsal' && isInPath(name, settings, path));

/** What {@link lookAround} finds, looked for again when the settings are others; the same object until then. */
export const makeLookout = (
  root: string,
  live: { readonly settings: Settings },
  path: string,
): (() => Surroundings) => {
  let known: { readonly settings: Settings; readonly found: Surroundings } | undefined;
  return () => {
    const { settings } = live;
    if (known?.settings !== settings) known = { settings, found: lookAround(root, settings, path) };
    return known.found;
  };
};

/** What there is where a screen opens: an agent program in the `PATH`, and specs in the repository. */
export const lookAround = (root: string, settings: Settings, path: string): Surroundings => {
  const specs = SPEC_PLACES.flatMap((place) => foldersIn(join(root, place)).map((name) => `${place}/${name}`));
  const plans = specs
    .filter((spec) => statSync(join(root, spec, 'tasks.md'), { throwIfNoEntry: false })?.isFile() ?? false)
    .map(importOf);
  const isSetUp = existsSync(join(root, '.drover/config.json'));
  const { limits, review } = settings;
  const isReviewedFirst = review === 'before-merge';
  return {
    ...agentHere(settings, workersHere(settings, path)),
    plans,
    isSetUp,
    isReviewedFirst,
    maxInstances: limits.maxInstances,
  };
};
