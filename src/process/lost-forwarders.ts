import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { LostForwarder } from '../ports/target.ts';
import { procText, STARTED, statOf } from './proc-files.ts';

/** What a forwarder was told (`assets/forward.pl`, `assets/forward.mjs`): the folder of its proxy and, but in earlier versions, its program's number. */
type Told = { readonly folder: string; readonly program: number | null };

/** What the arguments of a forwarder say; undefined for any other program. */
export const readForwarder = (argv: readonly string[]): Told | undefined => {
  const [, script = '', folder = '', socket, ports = '', program, ...more] = argv;
  const isOne =
    /^forward\.(?:mjs|pl)$/u.test(basename(script)) && socket === 'net.sock' && /^\d+(?:,\d+)*$/u.test(ports);
  if (!isOne || more.length > 0) return undefined;
  return { folder, program: program === undefined ? null : Number(program) };
};

/** The numbers that a process has, from ours to that of its own world. */
const numbersOf = (pid: number): readonly number[] =>
  (/^NSpid:(?<all>.*)$/mu.exec(procText(`/proc/${pid}/status`))?.groups?.['all'] ?? '')
    .trim()
    .split(/\s+/u)
    .map(Number);

const isOurs = (pid: number): boolean =>
  Number(/^Uid:\s+(?<real>\d+)/mu.exec(procText(`/proc/${pid}/status`))?.groups?.['real']) === process.getuid?.();

/**
 * Whether a forwarder, which its program starts, has another parent by now: the first process of its sandbox, which takes
 * over what others leave. One that has no world of its own is in no sandbox.
 */
const hasLostProgram = (pid: number, parent: number, { program }: Told): boolean => {
  if (numbersOf(pid).length <= numbersOf(process.pid).length) return false;
  const number = numbersOf(parent).at(-1);
  if (!number) return false;
  return program === null ? number === 1 : number !== program;
};

/**
 * The forwarders of this user to proxies in these folders, or right below them, whose own program has ended while they go on.
 * Whoever writes such arguments himself names nothing but his own process. None where the system does not show it.
 */
export const lostForwarders = (folders: readonly string[]): readonly LostForwarder[] => {
  const names = procText('/proc/self/stat') === '' ? [] : readdirSync('/proc').filter((name) => /^\d+$/u.test(name));
  return names.map(Number).flatMap((pid): LostForwarder[] => {
    const argv = Buffer.from(procText(`/proc/${pid}/cmdline`), 'latin1')
      .toString()
      .split('\0')
      .slice(0, -1);
    const told = readForwarder(argv);
    if (!told || !folders.some((one) => told.folder === one || told.folder.startsWith(`${one}/`)) || !isOurs(pid))
      return [];
    const fields = statOf(pid);
    const started = fields[STARTED];
    if (started === undefined || !hasLostProgram(pid, Number(fields[1]), told)) return [];
    return [{ pid, folder: told.folder, started }];
  });
};

/** Ends one, unless its number belongs to another process by now; false when that is so, or it has ended itself. */
export const endForwarder = ({ pid, folder, started }: LostForwarder): boolean => {
  if (!lostForwarders([folder]).some((one) => one.pid === pid && one.started === started)) return false;
  process.kill(pid, 'SIGKILL');
  return true;
};
