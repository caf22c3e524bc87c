import type { Command } from '../define.ts';
import { launchInstance } from '../instances/launch-instance.ts';

/** "launch instances", as people who start with nothing say it. */
export const launchSwarm: Command = {
  ...launchInstance,
  noun: 'swarm',
  summary: 'Start a swarm of so many agents: the same as launching instances',
  example: 'launch swarm 3 agent=rehearsal',
};
