import type { Command } from '../define.ts';
import { statusProtocol } from './status-protocol.ts';

/** The same record, asked for in the other word. */
export const showProtocol: Command = { ...statusProtocol, verb: 'show', example: 'show protocol' };
