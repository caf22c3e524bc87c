import { expect, test, vi } from 'vitest';
import { openSeat } from '../../../src/cli/screen/seat.ts';
import { openSwarm } from '../../helpers/swarm.ts';

const PATIENCE = { timeout: 30_000 };

/** A swarm with one agent, and the place at that agent's terminal. */
const withAgent = async () => {
  const swarm = await openSwarm();
  await swarm.say('launch instance agent=rehearsal');
  await vi.waitUntil(async () => (await swarm.state()).instances['rehearsal-1']?.state.kind === 'idle', PATIENCE);
  const { socket } = (await swarm.say('attach rehearsal-1')).data as { readonly socket: string | null };
  const place = {
    instance: 'rehearsal-1',
    mark: `${swarm.paths.key}/rehearsal-1`,
    session: 'r-rehearsal-1',
    socket,
    env: swarm.env,
  };
  const windowSize = () =>
    swarm.tmux('display-message', '-p', '-t', '=r-rehearsal-1:', '#{window_width}x#{window_height}');
  return { swarm, place, windowSize };
};

test('what is typed, pressed and pasted arrives, and the window gets the size again that it had', async () => {
  const { swarm, place, windowSize } = await withAgent();
  await using _ends = swarm;
  const shown = () => swarm.tmux('capture-pane', '-p', '-t', '=r-rehearsal-1:');
  swarm.tmux('respawn-pane', '-k', '-t', '=r-rehearsal-1:', 'stty raw -echo; echo ready; exec cat -v');
  await vi.waitUntil(() => shown().includes('ready'), PATIENCE);
  const before = windowSize();
  await using seat = await openSeat(place);
  await seat.type('a;b');
  await seat.press(['Enter']);
  await seat.paste('c');
  await vi.waitUntil(() => shown().includes('a;b^Mc'), PATIENCE);
  swarm.tmux('resize-window', '-t', '=r-rehearsal-1:', '-x', '50', '-y', '10');
  await seat.restore();
  expect(windowSize()).toBe(before);
});

test('a session that is not there, or is not the agent’s, is refused', async () => {
  const { swarm, place } = await withAgent();
  await using _ends = swarm;
  await expect(openSeat({ ...place, session: 'r-rehearsal-2' })).rejects.toMatchObject({
    code: 'attach/terminal-gone',
  });
  await expect(openSeat({ ...place, mark: 'another/rehearsal-1' })).rejects.toThrow('its terminal is gone');
});
