import { saidId } from '../../../../src/protocol/say.ts';
import type { Instance } from '../../../../src/state/instances.ts';
import { isAlive } from '../../../../src/state/moves.ts';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { Do } from '../../shell/do.tsx';

type Action = { readonly name: string; readonly icon: IconName; readonly line: string };

/** What can be said of an agent as it is now. */
const agentActions = ({ instance_id, state, hold }: Instance): readonly Action[] => {
  const id = saidId(instance_id);
  const pause: Action = { name: 'Pause', icon: 'pause', line: `pause instance ${id}` };
  const resume: Action = { name: 'Resume', icon: 'start', line: `resume instance ${id}` };
  const restart: Action = { name: 'Restart', icon: 'restart', line: `restart instance ${id}` };
  const stop: Action = { name: 'Stop', icon: 'stop', line: `stop instance ${id}` };
  if (hold === 'frozen' || state.kind === 'paused') return [resume, stop];
  if (isAlive(state.kind)) return [pause, restart, stop];
  if (state.kind === 'stopping' || state.kind === 'creating') return [];
  return [
    { ...restart, name: 'Start', icon: 'start' },
    { name: 'Remove', icon: 'remove', line: `remove instance ${id}` },
  ];
};

type Props = { readonly instance: Instance; readonly isTerse?: boolean };

/** The buttons for an agent: signs where there is little room, words elsewhere. */
export const AgentActions = ({ instance, isTerse = false }: Props) => (
  <div className="actions">
    {agentActions(instance).map(({ name, icon, line }) => (
      <Do
        key={name}
        line={line}
        label={`${name} ${instance.instance_id}`}
        className={isTerse ? 'icon-only quiet' : 'small'}
      >
        <Icon name={icon} />
        {!isTerse && name}
      </Do>
    ))}
  </div>
);
