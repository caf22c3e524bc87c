import type { Recording } from './define.ts';

type Places = Readonly<Record<string, string>>;

/**
 * What this very request was about to work on when its daemon died, by name, with where that was; undefined for one that is
 * said for the first time. What only git and the disk tell of it may have been done, wholly or by half.
 */
export const begunBefore = ({ earlier }: Pick<Recording, 'earlier'>): ReadonlyMap<string, string> | undefined => {
  const begun = earlier.find(({ type }) => type === 'command.begun');
  return begun?.type === 'command.begun' ? new Map(Object.entries(begun.data.places)) : undefined;
};

/** Notes what a command is about to work on, once it is not refused, and before it changes what no fact will tell of. */
export const noteBegun = async ({ decide }: Pick<Recording, 'decide'>, places: Places): Promise<void> =>
  void (await decide(
    () => [{ type: 'command.begun', data: { places } }],
    ({ type }) => type === 'command.begun',
  ));
