import { saidId } from '../protocol/say.ts';
import { valuesOf } from '../lib/records.ts';
import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { activity, isAlive, isEnding, isHeld, isPresent, isStaying } from '../state/moves.ts';
import { othersFor } from '../tasks/may-do.ts';
import { isBroken } from './failure-help.ts';

/** Whether the program of an instance is gone without anybody having ended it. */
const isGone = ({ state }: Instance): boolean => state.kind === 'lost' || state.kind === 'failed';

/** Whether it has a task that another one could take; a racer has its own for itself. */
const hasMovable = ({ instance_id }: Instance, state: State): boolean =>
  valuesOf(state.tasks).some(
    (task) =>
      task.assignee === instance_id &&
      ['assigned', 'running', 'verifying'].includes(task.state) &&
      !task.archived &&
      othersFor(task, state).length > 0,
  );

/** What brings all back whose programs are gone, and what is proposed where it brings nobody back. */
const RESUME_ALL = 'resume all instances';
const LIST = 'list instances';

/** Whether a command about an instance does something with it as it is now, by how the command begins. */
const USES: readonly (readonly [begins: string, isOfUse: (one: Instance, state: State) => boolean])[] = [
  ['pause instance ', (one) => isStaying(one.state.kind) && !isHeld(one)],
  ['resume instance ', (one) => one.hold !== null || isGone(one)],
  ['restart instance ', (one) => isBroken(one) || one.state.kind === 'stopped'],
  ['stop instance ', ({ state }) => !isEnding(state.kind)],
  ['attach instance ', ({ state }) => isAlive(state.kind)],
  ['tell ', (one) => isAlive(one.state.kind) && activity(one).kind !== 'waiting' && one.pane !== null],
  ['reassign tasks from ', hasMovable],
];

/** The instance that a command about one names, with what the command would do there; undefined of any other command. */
const aboutOne = (command: string, { instances }: State) =>
  USES.flatMap(([begins, isOfUse]) => {
    if (!command.startsWith(begins)) return [];
    const rest = command.slice(begins.length);
    const one = Object.values(instances).find(({ instance_id }) => {
      const said = saidId(instance_id);
      return rest === said || rest.startsWith(`${said} `);
    });
    return [{ one, isOfUse }];
  })[0];

/**
 * A command that was proposed when an alert was raised, or a look at what it is about where it would be refused by now, or change
 * nothing; null where that is not there any more.
 */
export const stillOfUse = (command: string, state: State): string | null => {
  if (command === RESUME_ALL)
    return Object.values(state.instances).some((one) => one.hold !== null || isGone(one)) ? command : LIST;
  const batch = /^rollback integration (?<id>\S+)$/u.exec(command)?.groups?.['id'];
  if (batch !== undefined) return state.batches[batch]?.state === 'finished' ? command : 'list integrations';
  const about = aboutOne(command, state);
  if (!about) return command;
  const { one, isOfUse } = about;
  if (!one) return null;
  return isOfUse(one, state) ? command : `show instance ${saidId(one.instance_id)}`;
};

/** The same where no more instances may live: there is no place for one that would have to be started. */
export const withoutPlaces = (command: string | null, state: State): string | null => {
  if (command === null) return command;
  if (command === RESUME_ALL) return Object.values(state.instances).some(({ hold }) => hold !== null) ? command : LIST;
  if (!/^(?:restart|resume) instance /u.test(command)) return command;
  const one = aboutOne(command, state)?.one;
  return one && !isPresent(one.state.kind) && one.hold === null ? `show instance ${saidId(one.instance_id)}` : command;
};
