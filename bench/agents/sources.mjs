import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const PROCESS_MS = 20;
const KEPT = 16_384;

/**
 * The process of this name that a process has started, or whoever it is shut in by; undefined while it is not there yet. What
 * shuts in is a shell and two processes, of which the second one is the first inside.
 */
const childOf = (pid, name) => {
  try {
    const ids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    const children = ids.map((id) => ({ id: Number(id), comm: readFileSync(`/proc/${id}/comm`, 'utf8').trim() }));
    const wall = children.find(({ comm }) => ['sh', 'bwrap'].includes(comm));
    return children.find(({ comm }) => comm === name)?.id ?? (wall && childOf(wall.id, name));
  } catch {
    return undefined;
  }
};

/** The letter of a process in the process table: `T` is stopped by a signal; null when it has ended. */
const letterOf = (pid) => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const letter = text.slice(text.lastIndexOf(')') + 2)[0];
    return letter === 'Z' || letter === 'X' ? null : letter;
  } catch {
    return null;
  }
};

/** When a process was started, in milliseconds since 1970, to the hundredth of a second that the process table tells. */
const startOf = (pid) => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const ticks = Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19]);
  const up = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  return Date.now() - up * 1000 + ticks * 10;
};

/**
 * Looks at one process in the process table fifty times a second: tells when it is frozen, goes on and has ended.
 * It is the child called `name` of the shell `shellOf()`; another shell is a new start, told with the moment at which that
 * shell was started. `howEnded` says what an end is called. `pid` is its id, once it is there.
 */
export const watchProcess = ({ shellOf, name, howEnded }, tell) => {
  let shell = null;
  let known = null;
  let letter = null;
  const timer = setInterval(() => {
    const now = shellOf();
    if (now && now !== shell && letterOf(now) !== null) {
      shell = now;
      known = null;
      tell({ at: startOf(now), kind: 'begun' });
    }
    if (known === null && shell !== null) {
      known = childOf(shell, name) ?? null;
      letter = known === null ? null : letterOf(known);
    }
    if (known === null || letter === null) return;
    const next = letterOf(known);
    const at = Date.now();
    if (next === null) tell({ at, kind: 'ended', as: howEnded() });
    else if ((next === 'T') !== (letter === 'T')) tell({ at, kind: next === 'T' ? 'frozen' : 'thawed' });
    letter = next;
  }, PROCESS_MS);
  return { pid: () => known, close: () => clearInterval(timer) };
};

const unescaped = (text) =>
  Buffer.from(
    text.replaceAll(/\\(?<code>\d{3})/gu, (_, code) => String.fromCharCode(Number.parseInt(code, 8))),
    'latin1',
  ).toString();

/** Letters of what a terminal is sent, without control sequences and blanks: programs jump over these. */
const letters = (text) =>
  text.replaceAll(/\u001B(?:\[[\d;:?<>=]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[()][A-Z0-9]|.)|\s/gu, '');

/**
 * An eye of our own on a pane: a control-mode client of tmux that reads its output as it comes. `see` resolves with the
 * time at which words were printed there that match, without any blanks, at or after `from`.
 */
export const openEye = ({ env }, session) => {
  const child = spawn('tmux', ['-u', '-C', 'attach-session', '-f', 'read-only,ignore-size', '-t', `=${session}`], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const printed = [];
  const listeners = new Set();
  let rest = '';
  child.stdin.on('error', () => undefined);
  child.stdout.setEncoding('latin1').on('data', (chunk) => {
    const at = Date.now();
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    const raw = lines.flatMap((line) => /^%output %\d+ (?<text>.*)$/u.exec(line)?.groups?.text ?? []).join('');
    if (raw === '') return;
    printed.push({ at, text: letters(unescaped(raw)) });
    for (const listener of listeners) listener();
  });
  const find = (words, from) => {
    let text = '';
    for (const one of printed) {
      if (one.at < from) continue;
      text = `${text}${one.text}`.slice(-KEPT);
      if (words.test(text)) return one.at;
    }
    return undefined;
  };
  return {
    printed,
    see: (words, from = 0) => {
      const { promise, resolve } = Promise.withResolvers();
      const look = () => {
        const at = find(words, from);
        if (at === undefined) return;
        listeners.delete(look);
        resolve(at);
      };
      listeners.add(look);
      look();
      return promise;
    },
    close: () => {
      child.stdin.end();
      child.kill();
    },
  };
};
