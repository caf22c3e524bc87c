import { expect, test } from 'vitest';
import type { Command, Context } from '../../src/commands/define.ts';
import { authorise, dispatch, maySay } from '../../src/commands/dispatch.ts';
import { commands } from '../../src/commands/index.ts';
import { ROLES, type Role } from '../../src/protocol/signature.ts';
import { emptyState } from '../../src/state/index.ts';
import { language, settings } from '../fixtures/signatures.ts';
import { contextWith, readOnlyStore } from '../helpers/context.ts';

const view = { columns: 80, color: false };
const nameOf = ({ verb, noun }: Command): string => `${verb} ${noun}`;
const byName = commands.map((command) => [nameOf(command), command] as const);
const actorOf = (role: Role) => ({ name: role, role, instance: role === 'agent' ? 'kiro-1' : null });

// Written down here a second time on purpose: who may say what is no accident.
const AGENTS_MAY = [
  'cost instance',
  'cost task',
  'help topic',
  'list instance',
  'list task',
  'report progress',
  'report result',
  'report usage',
  'show brief',
  'show instance',
  'show swarm',
  'show task',
  'status instance',
  'status swarm',
  'status task',
  'tell group',
  'tell instance',
  'verify task',
];
const ADMIN_ONLY = [
  'rebuild state',
  'remove config',
  'remove secret',
  'remove trust',
  'rollback config',
  'set config',
  'share session',
  'trust config',
  'unshare session',
];
const INTEGRATOR = [
  'merge branch',
  'resolve conflict',
  'forget conflict',
  'cancel integration',
  'rollback integration',
];
/** Reading, and yet not for everybody. */
const OPERATOR = ['list secret'];

const rolesFor = (name: string, { reads }: Command): readonly Role[] => {
  const least = ADMIN_ONLY.includes(name)
    ? 'admin'
    : INTEGRATOR.includes(name)
      ? 'integrator'
      : reads && !OPERATOR.includes(name)
        ? 'viewer'
        : 'operator';
  const people = ROLES.slice(ROLES.indexOf(least));
  return AGENTS_MAY.includes(name) ? ['agent', ...people] : people;
};

const mayNot = (role: Role, command: Command): boolean => {
  try {
    // A terminal may be looked at by a viewer, and typed into by none.
    authorise(actorOf(role), command, command.looksWith === undefined ? [] : [command.looksWith]);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ exit: 4, code: 'command/denied' });
    return true;
  }
};

/** Everything a command could do something with is out of reach; the settings tell whom its words mean. */
const contextOf = (role: Role): Context =>
  contextWith({ language, settings, correlation: 'c-1', actor: actorOf(role), store: readOnlyStore(emptyState) });

test.each(byName)(
  '[SEC-1] "%s" is allowed to its role and those above it, and answered with 4 to all others',
  async (name, command) => {
    const denied = ROLES.filter((role) => mayNot(role, command));
    expect(ROLES.filter((role) => !denied.includes(role))).toEqual(rolesFor(name, command));
    for (const role of denied) {
      const reply = await dispatch(contextOf(role), { id: 'x', text: command.example, yes: true, view });
      expect([reply.exit, reply.message]).toEqual([4, `${role} may not say "${name}".`]);
    }
  },
);

test('[SEC-1] whoever is refused because nobody can tell who it is hears why', async () => {
  const actor = { name: 'unknown', role: 'viewer', instance: null, doubt: 'Nobody can tell who it is.' } as const;
  const context = contextWith({ language, settings, correlation: 'c-1', actor, store: readOnlyStore(emptyState) });
  const reply = await dispatch(context, { id: 'x', text: 'launch 1 instance', view });
  expect([reply.exit, reply.hint]).toEqual([4, 'It takes the role operator. Nobody can tell who it is.']);
});

test.each(['attach r-1', 'attach session r-1'])('[SEC-1] "%s" takes an operator, unless it is to look only', (line) => {
  const may = (role: Role, said: string) => maySay({ actor: actorOf(role), language }, said);
  const allowed = (said: string) => ROLES.filter((role) => may(role, said));
  expect(allowed(line)).toEqual(['operator', 'integrator', 'admin']);
  expect(allowed(`${line} read-only`)).toEqual(['viewer', 'operator', 'integrator', 'admin']);
});
