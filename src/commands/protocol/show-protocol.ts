import type { Command } from '../define.ts';
import { statusProtocol } from './status-protocol.ts';

/** "status protocol", asked for in another word. */
export const showProtocol: Command = { ...statusProtocol, verb: 'show', example: 'show protocol' };
