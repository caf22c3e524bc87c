import type { Command } from '../define.ts';
import { showTask } from './show-task.ts';

/** The same record, asked for in the other word. */
export const statusTask: Command = { ...showTask, verb: 'status', example: 'status task 3.1' };
