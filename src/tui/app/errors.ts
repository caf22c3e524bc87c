import { defineError } from '../../lib/errors.ts';

export const noTerminal = defineError('tui/no-terminal', 2, () => ({
  message: 'the screen needs a terminal that can move its cursor',
  hint: 'Run "drover" in a terminal, or use commands such as "drover status" here.',
}));
