import { saidId } from '../protocol/say.ts';
import type { State } from '../state/index.ts';
import { planFile, planName } from '../tasks/formats/plan-file.ts';
import type { Surroundings } from './step.ts';

/** The command that imports a plan, by its file or folder from the top of the repository. */
export const importOf = (path: string): string => `import spec ${saidId(path.replace(/\/tasks\.md$/u, ''))}`;

/** What a plan is called that a command imports. */
const nameIn = (command: string): string => planName(planFile(command.replaceAll(/^import spec "?|"$/gu, '')));

/**
 * The commands that import those of the plans that lie here of which nothing is imported. One that is called as another one that was
 * imported is refused.
 */
export const openPlans = (
  { specs }: Pick<State, 'specs'>,
  surroundings: Pick<Surroundings, 'plans'> | null,
): readonly string[] => {
  const imported = new Set(
    Object.values(specs).flatMap(({ tracked_path: path }) => (path === null ? [] : [importOf(path)])),
  );
  return (surroundings?.plans ?? []).filter(
    (command) => !imported.has(command) && !Object.hasOwn(specs, nameIn(command)),
  );
};
