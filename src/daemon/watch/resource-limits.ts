import { formatDuration } from '../../lib/duration.ts';
import type { ResourceUse } from '../../ports/machine.ts';
import { saidId } from '../../protocol/say.ts';
import type { ResourceLimits } from '../../state/cost-settings.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { isAlive } from '../../state/moves.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

/** What is said and proposed where a limit warns, pauses or stops. */
const DONE: Readonly<Record<ResourceLimits['action'], { readonly words: string; readonly suggestion: string }>> = {
  warn: { words: '', suggestion: 'pause' },
  pause: { words: '; it is paused', suggestion: 'resume' },
  stop: { words: '; it is stopped', suggestion: 'restart' },
};

const actionFacts = (instance_id: string, action: ResourceLimits['action']): EventDraft[] => {
  if (action === 'pause') return [{ type: 'instance.pause_requested', data: { instance_id } }];
  if (action === 'stop')
    return [{ type: 'instance.stop_requested', data: { instance_id, force: false, remove: false } }];
  return [];
};

/** What an instance takes more of than its limits allow, in words; null where it is within them. */
const excessOf = (
  use: ResourceUse,
  limits: ResourceLimits,
): readonly { about: 'memory' | 'cpu'; text: string | null }[] => {
  const { instance_id: id, memory_mb, cpu_average } = use;
  const { memory_mb: most, cpu_percent, cpu_ms } = limits;
  const memory =
    most !== undefined && memory_mb > most
      ? `${id} takes ${Math.round(memory_mb)} MB of memory, more than its limit of ${most} MB`
      : null;
  const cpu =
    cpu_percent !== undefined && cpu_average !== null && cpu_average > cpu_percent
      ? `${id} takes ${Math.round(cpu_average)} % of a core over ${formatDuration(cpu_ms)}, more than its limit of ${cpu_percent} %`
      : null;
  return [
    { about: 'memory', text: memory },
    { about: 'cpu', text: cpu },
  ];
};

/** The facts after a measurement: of a runaway is told, and it is dealt with, once; when it is tame again that is over. */
export const limitFacts = (state: State, use: ResourceUse, limits: ResourceLimits): EventDraft[] => {
  const id = use.instance_id;
  const instance = state.instances[id];
  // A frozen program takes no time and keeps its memory, which says nothing.
  if (!instance || !isAlive(instance.state.kind) || instance.hold !== null) return [];
  const facts = excessOf(use, limits).flatMap(({ about, text }): EventDraft[] => {
    const alert = `${about}:${id}`;
    if (text === null) return clearAlertFacts(state, alert, 'it is within its limit');
    if (state.alerts[alert]) return [];
    const { words, suggestion } = DONE[limits.action];
    const data = {
      id: alert,
      severity: limits.action === 'warn' ? 'warning' : 'error',
      text: `${text}${words}`,
      suggestion: `${suggestion} instance ${saidId(id)}`,
      // The alert that an instance was stopped stands until somebody has seen it; others about an instance end with it.
      instance: limits.action === 'stop' ? null : id,
      task: null,
    } as const;
    return [{ type: 'alert.raised', data }];
  });
  return facts.some(({ type }) => type === 'alert.raised') ? [...facts, ...actionFacts(id, limits.action)] : facts;
};
