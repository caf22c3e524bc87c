import { setTimeout as pause } from 'node:timers/promises';
import { locate } from '../../client/locate.ts';
import { noteOver } from '../../client/request.ts';
import { connectOrStart } from '../../client/start.ts';
import { noDaemon } from '../../client/errors.ts';
import { AppError, defineError } from '../../lib/errors.ts';
import { parseDuration } from '../../lib/duration.ts';
import type { Paths } from '../../lib/paths.ts';
import { nearest } from '../../lib/text.ts';
import { storeLocked } from '../../state/store/errors.ts';
import { takeLock } from '../../state/store/lock.ts';
import { drawTable } from '../../text/table.ts';
import { openTokens, tokenFile, type TokenRecord } from '../../web/access/tokens.ts';
import { badRole, badTime } from '../../web/errors.ts';
import { WEB_ROLES, type WebRole } from '../../web/wire.ts';
import { type Flags, type Io, viewOf } from '../io.ts';
import { missingWord, readOptions } from '../options.ts';
import { jsonText, printLine } from '../print.ts';
import { speaker } from '../say.ts';

const VERBS = ['create', 'list', 'rotate', 'revoke'] as const;

const unknownVerb = defineError('web/unknown-verb', 2, (p: { verb: string; meant: string | undefined }) => ({
  message: `There is no "web token ${p.verb}".`,
  hint:
    p.meant === undefined
      ? 'Usage: drover web token create --role viewer|operator|integrator|admin [--name NAME] [--expires 30d] | list | rotate NAME | revoke NAME'
      : `Did you mean: drover web token ${p.meant}?`,
}));

/** The role that a word names. */
export const webRole = (word: string): WebRole => {
  const role = WEB_ROLES.find((one) => one === word);
  if (role === undefined) throw badRole({ role: word });
  return role;
};

/** Says to the daemon what is about to be done here; it knows who speaks, and refuses who may not. Gives the role. */
export const askLeave = async (io: Io, paths: Paths, what: { command: string; least: WebRole }): Promise<WebRole> => {
  const connection = await connectOrStart(paths, io.env);
  const reply = await noteOver(connection, { ...speaker(io.env), ...what, decision: 'allowed', result: 'It is done.' });
  if (!reply) throw noDaemon({ why: 'it ended before it answered' });
  const { exit, message, hint, data } = reply;
  if (exit !== 0)
    throw new AppError(String((data as { code?: unknown } | null)?.code), exit, { message, hint: hint ?? '' });
  return (data as { role: WebRole }).role;
};

const whenOver = (word: string, now: number): string | null => {
  if (word === 'never') return null;
  const ms = parseDuration(word);
  if (ms === undefined || ms <= 0) throw badTime({ value: word });
  return new Date(now + ms).toISOString();
};

const print = (io: Io, flags: Flags, data: unknown, text: string): number => {
  if (flags.json || flags.jsonl) printLine(io.stdout, jsonText(data, flags.json ? 2 : 0));
  else printLine(io.stdout, text);
  return 0;
};

const PATIENCE_MS = 10_000;
const PAUSE_MS = 20;

/** Changes the tokens when nobody else does: each change writes all of them anew. */
const inTurn = async <T>({ state }: Paths, change: () => T): Promise<T> => {
  const end = performance.now() + PATIENCE_MS;
  for (;;)
    try {
      await using _lock = await takeLock(`${state}/tokens.lock`);
      return change();
    } catch (error) {
      if (!storeLocked.matches(error) || performance.now() > end) throw error;
      await pause(PAUSE_MS);
    }
};

const shownToken = ({ hash: _hash, ...rest }: TokenRecord) => rest;

const tokenTable = (tokens: readonly TokenRecord[]) => ({
  head: ['name', 'role', 'created', 'expires'],
  rows: tokens.map((one) => [one.name, one.role, one.created_at, one.expires_at ?? 'never'].map((text) => ({ text }))),
  empty: 'There are none: drover web token create --role viewer.',
});

const secretText = (name: string, role: string, secret: string): string =>
  `${secret}\nThis is the token ${name}, with the role ${role}. It is shown this once; only its hash is kept.`;

/** `drover web token …`: who may come to the page, and as what. An agent creates none: the daemon says who asks. */
export const token = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const { words, values } = readOptions(argv, { values: ['role', 'name', 'expires'], words: 2 });
  const [verb = 'list', name] = words;
  const named = (): string => {
    if (name !== undefined) return name;
    const command = `web token ${verb}`;
    throw missingWord({ command, what: 'the name of a token', example: `drover ${command} viewer-1` });
  };
  if (verb === 'rotate' || verb === 'revoke') named();
  const paths = locate(io.cwd, io.env);
  const tokens = openTokens(tokenFile(paths.state), () => new Date().toISOString());
  const ask = (rest: string) => askLeave(io, paths, { command: `web token ${verb} ${rest}`, least: 'admin' });
  if (verb === 'list')
    return print(io, flags, tokens.list().map(shownToken), drawTable(tokenTable(tokens.list()), viewOf(io)));
  if (verb === 'create') {
    const role = webRole(values['role'] ?? 'viewer');
    const wanted = { role, expiresAt: whenOver(values['expires'] ?? 'never', Date.now()) };
    const own = values['name'] ?? name ?? `${role}-${tokens.list().length + 1}`;
    await ask(`${own} role=${role}`);
    const secret = await inTurn(paths, () => tokens.create({ ...wanted, name: own }));
    return print(
      io,
      flags,
      { name: own, role, expires_at: wanted.expiresAt, token: secret },
      secretText(own, role, secret),
    );
  }
  if (verb === 'rotate') {
    const own = named();
    await ask(own);
    const secret = await inTurn(paths, () => tokens.rotate(own));
    const role = tokens.list().find((one) => one.name === own)?.role ?? 'viewer';
    return print(io, flags, { name: own, role, token: secret }, secretText(own, role, secret));
  }
  if (verb !== 'revoke') throw unknownVerb({ verb, meant: nearest(verb, VERBS) });
  const own = named();
  await ask(own);
  await inTurn(paths, () => tokens.revoke(own));
  return print(io, flags, { name: own }, `The token ${own} lets nobody in any more.`);
};
