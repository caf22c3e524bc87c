import type { Instance } from '../../state/instances.ts';
import type { DaemonServices } from '../services.ts';

const squeeze = (text: string): string => text.replaceAll(/\s+/gu, '');

const typed = new WeakMap<DaemonServices, Map<string, string>>();

/** Notes that these keys were pressed for the question of an agent: its terminal shows what they type behind it. */
export const noteTypedAnswer = (
  services: DaemonServices,
  { instance_id, question }: Instance,
  keys: readonly string[],
): void => {
  const answer = keys.flatMap((key) => (key.startsWith('text:') ? [key.slice('text:'.length)] : [])).join('');
  const known = typed.get(services) ?? new Map<string, string>();
  typed.set(services, known);
  if (answer === '') known.delete(instance_id);
  else known.set(instance_id, squeeze(`${question ?? ''}${answer}`));
};

/** Whether what a screen asks is the line of the last question, with the answer that was typed behind it. */
export const isWithAnswer = (services: DaemonServices, id: string, question: string): boolean =>
  typed.get(services)?.get(id) === squeeze(question);
