import { AppError } from '../../lib/errors.ts';
import { saidOption } from '../../protocol/say.ts';
import { onlyPretends } from '../errors.ts';

/** How to come by an agent that works, by those whose programs are here. */
const wayTo = ([first, ...others]: readonly string[]): string => {
  if (first === undefined)
    return 'No program of an agent that works is here; in a shell, "drover doctor" says which ones Drover knows and how to get them.';
  const more = others.length === 0 ? '' : ` (here as well: ${others.join(', ')})`;
  return `Launch an agent that works${more}: launch 1 instance ${saidOption('agent', first)}.`;
};

/** The refusal of real work for an agent that only pretends, with an agent that is here and works; any other error as it is. */
export const withWorkers = (error: unknown, workers: readonly string[]): unknown => {
  if (!onlyPretends.matches(error)) return error;
  const { code, exit, message, hint } = error;
  return new AppError(code, exit, { message, hint: `${wayTo(workers)} ${hint}` }, error);
};

/** The same where who is here has to be found out. */
export const namingWorkers = async (error: unknown, find: () => Promise<readonly string[]>): Promise<unknown> =>
  onlyPretends.matches(error) ? withWorkers(error, await find()) : error;
