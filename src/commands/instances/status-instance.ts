import type { Command } from '../define.ts';
import { showInstance } from './show-instance.ts';

/** "show instance", asked for in another word. */
export const statusInstance: Command = { ...showInstance, verb: 'status', example: 'status instance rehearsal-1' };
