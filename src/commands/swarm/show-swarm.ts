import type { Command } from '../define.ts';
import { statusSwarm } from './status-swarm.ts';

/** "status swarm", asked for in another word. */
export const showSwarm: Command = { ...statusSwarm, verb: 'show', example: 'show swarm detailed' };
