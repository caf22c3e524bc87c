import type { Command } from '../define.ts';
import { showGroup } from './show-group.ts';

/** The same record, asked for in the other word. */
export const statusGroup: Command = { ...showGroup, verb: 'status', example: 'status group backend' };
