import { inPackage, inSandbox } from './sandbox.mjs';

export const LINES = 30;

/**
 * An agent that tells by hooks how it is and prints without end; with `screen` one that must be read from its screen.
 * It takes the place of a program that Drover knows, so that everything around it is what a real one gets.
 */
export const busyAgent = (screen = false, lines = LINES) => ({
  agents: {
    [screen ? 'busy' : 'rehearsal']: {
      command: ['perl', inPackage('bench/busy-pane.pl'), String(lines)],
      ...(screen ? { ready: '#[0-9]+' } : {}),
    },
  },
  limits: { maxInstances: 100 },
});

/** Works with a swarm of agents that print without end. */
export const inBusySwarm = (count, work, screen = false, lines = LINES) =>
  inSandbox({ settings: busyAgent(screen, lines), files: { 'README.md': 'busy\n' } }, async (box) => {
    const { data } = await box.say(`launch ${count} instances agent=${screen ? 'busy' : 'rehearsal'}`);
    return work({ box, instances: data });
  });
