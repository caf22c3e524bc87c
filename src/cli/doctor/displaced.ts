import type { Paths } from '../../lib/paths.ts';
import type { State } from '../../state/index.ts';
import { displacedError, findDisplaced } from '../../state/store/place.ts';
import { commandLine, type Finding, findingOf } from './finding.ts';

/** What is to be said of a repository that is not where its agents know it; nothing else is true of them from here. */
export const displacedFindings = async (
  place: Pick<Paths, 'root' | 'commonDir' | 'state'>,
  state: State | undefined,
): Promise<readonly Finding[]> => {
  const displaced = await findDisplaced(place);
  const error = displaced && state && (await displacedError(displaced, state, place.state));
  if (!error) return [];
  const { kind, from, to } = displaced;
  // Of one that cannot be reached the error says what helps.
  if (kind === 'unclear') return [findingOf('repository.moved', 'repository', error)];
  const repair = kind === 'moved' ? commandLine('mv', to, from) : commandLine('cd', from);
  return [findingOf('repository.moved', 'repository', error, repair)];
};
