import { isAlive } from '../../state/moves.ts';
import type { State } from '../../state/index.ts';
import { isKeptByPrograms } from '../../state/setting-values.ts';
import { plural } from '../../text/wording.ts';

/** What is to be known of a setting that programs are started with, while some run: a sentence with a blank before it, or nothing. */
export const keptText = ({ instances }: Pick<State, 'instances'>, key: string): string => {
  const running = isKeptByPrograms(key)
    ? Object.values(instances).filter(({ state }) => isAlive(state.kind)).length
    : 0;
  if (running === 0) return '';
  return ` It holds for programs that are started from now on; ${plural(running, 'agent')} that ${running === 1 ? 'runs keeps' : 'run keep'} what was set before, until started again.`;
};
