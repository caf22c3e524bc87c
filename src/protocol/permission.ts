import type { Identity } from './frame.ts';
import { ROLES, type Role } from './signature.ts';

/** What of a command decides who may say it. */
export type Guarded = {
  readonly role: Role;
  /** Whether agents may say it too, of their own instance alone. */
  readonly agents?: boolean | undefined;
  readonly reads: boolean;
  /** Modifiers with which a reading command changes something. */
  readonly writesWith?: readonly string[] | undefined;
  /** A modifier without which it hands over a terminal to be typed into. */
  readonly looksWith?: string | null | undefined;
};

/** Whether a role may do what another one may. */
export const atLeast = (role: Role, least: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(least);

/** The one of two roles that may do less. */
export const lesserRole = <A extends Role, B extends Role>(one: A, other: B): A | B =>
  atLeast(one, other) ? other : one;

/** Somebody who may do no more than a role. Why they may do no more is told where that is what keeps them from it. */
export const loweredTo = <One extends Pick<Identity, 'role' | 'doubt'>>({ role, doubt, ...one }: One, most: Role) =>
  atLeast(most, role) ? { ...one, role, ...(doubt === undefined ? {} : { doubt }) } : { ...one, role: most };

/** That somebody may only look, and how they would do more; undefined where they may do more, or asked for no more themselves. */
export const onlyLooks = ({ role, doubt }: Pick<Identity, 'role' | 'doubt'>): string | undefined =>
  role === 'viewer' && doubt !== undefined ? `You may only look. ${doubt}` : undefined;

/** Whether a command, said with these modifiers, changes anything. */
export const isChange = ({ reads, writesWith = [] }: Guarded, modifiers: readonly string[]): boolean =>
  !reads || modifiers.some((one) => writesWith.includes(one));

/**
 * What somebody lacks for a command, in a sentence or two; null where they may say it. Which of its own things an agent may
 * touch is the command's to check.
 */
export const lackedFor = (
  { role, doubt }: Pick<Identity, 'role' | 'doubt'>,
  command: Guarded,
  modifiers: readonly string[],
): string | null => {
  const { looksWith } = command;
  const isTyping = typeof looksWith === 'string' && !modifiers.includes(looksWith);
  const least = isTyping || (command.reads && isChange(command, modifiers)) ? 'operator' : command.role;
  if (role === 'agent' ? command.agents === true : atLeast(role, least)) return null;
  return needs(least, doubt, isTyping && atLeast(role, command.role) ? looksWith : undefined);
};

/** What it takes to do something, and why somebody is not held for who may. */
export const needs = (least: Role, doubt: string | undefined, otherwise?: string): string =>
  `It takes the role ${least}${otherwise === undefined ? '' : `, or "${otherwise}" behind it`}.${doubt === undefined ? '' : ` ${doubt}`}`;
