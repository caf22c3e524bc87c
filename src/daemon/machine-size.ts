import { availableParallelism, totalmem } from 'node:os';
import type { MachineSize } from '../ports/machine.ts';

/** What the daemon's machine has; in a container, what that may use of it. */
export const machineSize = (): MachineSize => {
  const bound = process.constrainedMemory();
  const bytes = bound > 0 ? Math.min(bound, totalmem()) : totalmem();
  return { cores: availableParallelism(), memoryMb: Math.floor(bytes / 1024 ** 2) };
};
