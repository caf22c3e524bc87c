import { saidId, saidText } from '../../protocol/say.ts';
import { messageOf } from '../../lib/errors.ts';
import type { SwarmClient } from '../../ports/swarm.ts';
import type { Effect } from '../control/key.ts';
import type { ScreenEvent } from '../model/screen-reducer.ts';
import { questionOf } from '../../attention/question.ts';

/** How long an agent may take to go on after an answer, in milliseconds, before it is said that it still asks. */
const GOES_ON_MS = 10_000;

type Answer = Extract<Effect, { readonly kind: 'answer' }>;

const markOf = ({ state }: SwarmClient, id: string): string | null => {
  const instance = state.instances[id];
  return instance ? (questionOf(instance)?.mark ?? null) : null;
};

/** Resolves with whether the agent stops asking this within the time. */
const goesOn = async (client: SwarmClient, { instance, mark }: Answer): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const look = (): void => {
    if (markOf(client, instance) !== mark) resolve(true);
  };
  const stop = client.subscribe(look);
  const timer = setTimeout(() => resolve(false), GOES_ON_MS);
  look();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    stop();
  }
};

type Teller = { apply(event: ScreenEvent): void; draw(): void };

/** Gives an answer to the agent that asked, and says whether it arrived: only one that goes on has taken it. */
export const sendAnswer = async (client: SwarmClient, teller: Teller, effect: Answer): Promise<void> => {
  const { instance, since, mark, answer } = effect;
  const tell = (trouble: string | null): void => {
    teller.apply({ kind: 'answered', instance, mark, answer, trouble });
    teller.draw();
  };
  if (markOf(client, instance) !== mark) return tell('It asks something else now: nothing was sent.');
  teller.draw();
  try {
    const reply = await client.run(`answer ${saidId(instance)} since=${since} ${saidText(answer)}`);
    if (reply.exit !== 0) return tell([reply.message, reply.hint].filter(Boolean).join(' '));
    // The daemon may have seen the agent go on already.
    const { confirmed = false } = (reply.data ?? {}) as { readonly confirmed?: boolean };
    if (confirmed || (await goesOn(client, effect))) return tell(null);
    tell(`It was sent, but ${instance} still asks. Look at it: attach ${saidId(instance)}`);
  } catch (error) {
    tell(messageOf(error));
  }
};
