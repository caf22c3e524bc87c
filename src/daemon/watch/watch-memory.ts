import { MEMORY_LOW } from '../../state/alerts.ts';
import type { EventDraft } from '../../state/index.ts';
import { repeatRounds, type Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';
import { makeLackTeller } from './lack-teller.ts';

const LOOK_MS = 5000;
const KB_IN_MB = 1024;

/** What is told of is over when so many times the limit are available: memory comes and goes with every build. */
const OVER = 1.25;

type Looked = Pick<DaemonServices, 'launchTarget' | 'settings'>;

/** Megabytes that programs can have without another one losing any, as the kernel reckons; undefined where it does not say so. */
const availableMb = async ({ launchTarget: { files } }: Looked): Promise<number | undefined> => {
  const text = await files.readText('/proc/meminfo').catch(() => null);
  const kb = /^MemAvailable:\s+(?<kb>\d+) kB$/mu.exec(text ?? '')?.groups?.['kb'];
  return kb === undefined ? undefined : Math.floor(Number(kb) / KB_IN_MB);
};

/** What the machine of the agents lacks of the memory that the settings want to be available; undefined where there is enough. */
export const findMemoryLack = async (looked: Looked, isTold = false): Promise<string | undefined> => {
  const limitMb = looked.settings.limits.memory_mb;
  if (limitMb === 0) return undefined;
  const available = await availableMb(looked);
  if (available === undefined || available >= limitMb * (isTold ? OVER : 1)) return undefined;
  return `${available} MB of memory are available, and limits.memory_mb is ${limitMb}`;
};

/** Why nothing is launched while this memory is lacking. */
export const memoryLackText = (lack: string): string =>
  `Launching instances is stopped until there is memory: ${lack}.`;

const lowFacts = (lack: string): EventDraft[] => [
  {
    type: 'alert.raised',
    data: {
      id: MEMORY_LOW,
      severity: 'error',
      text: memoryLackText(lack),
      suggestion: 'top instances',
      instance: null,
      task: null,
    },
  },
];

/** Tells that nothing is launched while little memory is left, before the kernel ends programs for want of it, and that it is over. */
export const watchMemory = (services: DaemonServices): Service => {
  const { log, signal, store } = services;
  const tell = makeLackTeller(services, { id: MEMORY_LOW, facts: lowFacts, over: 'memory is available again' });
  return repeatRounds(
    {
      name: 'memory-watch',
      capabilities: ['tell when too little memory is left to launch anything'],
      complaint: 'looking at the memory that is left failed',
      everyMs: LOOK_MS,
      log,
      signal,
    },
    async () => tell(await findMemoryLack(services, store.state.alerts[MEMORY_LOW] !== undefined)),
  );
};
