import type { Command } from '../define.ts';
import { showGroup } from './show-group.ts';

/** "show group", asked for in another word. */
export const statusGroup: Command = { ...showGroup, verb: 'status', example: 'status group backend' };
