import type { MachineSize } from '../../ports/machine.ts';

/** Agents wait for their model most of the time; what they build and test in between wants a core now and then. */
const EACH_CORE = 4;
/** What an agent takes with the programs that it starts. */
const EACH_MB = 1024;
/** The part of the memory that agents may fill: the person and the system need the rest. */
const SHARE = 0.75;

/** How many instances a machine carries at once. */
const sensibleInstances = ({ cores, memoryMb }: MachineSize): number =>
  Math.max(1, Math.min(cores * EACH_CORE, Math.floor((memoryMb * SHARE) / EACH_MB)));

/** What is to be said of more instances than a machine carries; undefined where it carries them. */
export const instancesWarning = (wanted: number, machine: MachineSize): string | undefined => {
  const sensible = sensibleInstances(machine);
  if (wanted <= sensible) return undefined;
  const cores = machine.cores === 1 ? '1 core' : `${machine.cores} cores`;
  const memory = `${(machine.memoryMb / 1024).toFixed(1)} GiB of memory`;
  return `This machine has ${cores} and ${memory}, which is enough for about ${sensible}: up to ${EACH_CORE} for each core, ${EACH_MB / 1024} GiB for each instance, and a quarter of the memory for everything else.`;
};
