import { shorten, shownLine } from '../../lib/text.ts';
import { saidId } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { plural } from '../../text/wording.ts';
import type { Scratch } from './scratch.ts';

const LONGEST = 120;
/** What is said to a rehearsal agent, which goes on with whatever it is told. */
const REPLY = 'Choose yourself.';

const waitingIn = ({ instances }: State): readonly Instance[] =>
  Object.values(instances).filter(({ state }) => state.kind === 'waiting');

const questionOf = ({ question }: Instance): string => shorten(shownLine(question ?? '?'), LONGEST);

/**
 * Tells of each question once. Those of rehearsal agents are answered at once, because nobody sits there to do it; what another
 * agent asks has to do with its account or its rights, and is a person's to answer.
 */
export const questionTaker = (
  { say }: Pick<Scratch, 'say'>,
  { agent }: { readonly agent: string },
  tell: (line: string) => void,
): ((state: State) => void) => {
  const taken = new Set<string>();
  return (state) => {
    for (const asking of waitingIn(state)) {
      const { instance_id: id, state: mark } = asking;
      if (taken.has(`${id} ${mark.since}`)) continue;
      taken.add(`${id} ${mark.since}`);
      const isOurs = agent === 'rehearsal';
      tell(`     ${id} asks: ${questionOf(asking)}  ${isOurs ? `answered "${REPLY}"` : 'it waits; Ctrl-C ends all'}`);
      // Where it does not wait any more by then, somebody else was faster.
      if (isOurs) void say(`answer instance ${saidId(id)} "${REPLY}"`).catch(() => undefined);
    }
  };
};

/** How far a plan has come that is ended before its time, and who waits. */
export const standingText = (state: State): string => {
  const tasks = Object.values(state.tasks);
  const done = tasks.filter(({ state: is }) => is === 'done').length;
  const going = tasks.filter(({ state: is }) => ['assigned', 'running', 'verifying'].includes(is)).map(({ id }) => id);
  const waits = waitingIn(state).map((one) => `${one.instance_id} waits for an answer: ${questionOf(one)}`);
  const atWork = going.length === 0 ? '' : `, ${going.join(', ')} under way`;
  return [`Ended early: ${done} of ${plural(tasks.length, 'task')} done${atWork}.`, ...waits].join('\n');
};
