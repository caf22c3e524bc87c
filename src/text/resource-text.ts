import type { Instance } from '../state/instances.ts';

/** `43% of a core, 212 MB in 3 processes`; empty when it was not measured. */
export const resourceText = ({ resource_allocation: have }: Instance): string => {
  const { cpu_percent: cpu, memory_mb: memory, processes } = have;
  if (memory === undefined) return '';
  const part = cpu === undefined ? '' : `${Math.round(cpu)}% of a core, `;
  return `${part}${Math.round(memory)} MB in ${processes} process${processes === 1 ? '' : 'es'}`;
};
