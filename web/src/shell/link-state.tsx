import { ageOf } from '../../../src/tui/model/relative-times.ts';
import { useNow, useSwarm } from '../link/use-swarm.ts';

/** Whether what stands here is how things are now. */
export const LinkState = () => {
  const { link, heardAt, daemon, state } = useSwarm();
  const now = useNow();
  const age = ageOf(new Date(heardAt).toISOString(), link === 'old' ? Date.now() : now);
  if (link !== 'live')
    return (
      <output className="link red strong" data-link={link}>
        ✖ <span className="link-word">offline: as it was {age} ago</span>
      </output>
    );
  if (daemon.silentSince !== null)
    return (
      <output className="link yellow strong" data-link="silent">
        ○{' '}
        <span className="link-word">
          daemon silent for {Math.max(1, Math.round((now - daemon.silentSince) / 1000))} s
        </span>
      </output>
    );
  if (!daemon.connected || !state.swarm.daemon)
    return (
      <output className="link yellow" data-link="stopped">
        ○ <span className="link-word">daemon stopped: a command starts it again</span>
      </output>
    );
  return (
    <output className="link green" data-link="live" title="connected to the daemon">
      ● <span className="link-word">live</span>
    </output>
  );
};
