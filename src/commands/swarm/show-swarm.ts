import type { Command } from '../define.ts';
import { statusSwarm } from './status-swarm.ts';

/** The same answer, asked for in the other word. */
export const showSwarm: Command = { ...statusSwarm, verb: 'show', example: 'show swarm detailed' };
