import type { Command } from '../define.ts';
import { showTask } from './show-task.ts';

/** "show task", asked for in another word. */
export const statusTask: Command = { ...showTask, verb: 'status', example: 'status task 3.1' };
