import type { Command } from '../define.ts';
import { showInstance } from './show-instance.ts';

/** The same record, asked for in the other word. */
export const statusInstance: Command = { ...showInstance, verb: 'status', example: 'status instance rehearsal-1' };
