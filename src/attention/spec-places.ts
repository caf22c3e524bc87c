import { saidId } from '../protocol/say.ts';

/** Where specs lie, each in a folder of its name; `import spec` alone looks in more places, and into the files. */
export const SPEC_PLACES: readonly string[] = ['.kiro/specs', '.specify/specs', 'specs'];

/** The command that imports a spec, by its folder from the top of the repository. */
export const importOf = (spec: string): string => `import spec ${saidId(spec)}`;
