import { commandInGit, gitHandsOn } from './git-words.ts';
import { plainHandsOn, plainOf } from './plain-options.ts';
import { isUnclear, type ShellWord } from './shell-words.ts';

/** Programs that run the program which their arguments name. */
const RUNNERS = new Set(
  `env xargs parallel sudo doas su setsid strace ltrace script watch entr flock chroot unshare nsenter ionice taskset chrt
  busybox toybox exec builtin command time timeout nice nohup stdbuf nocorrect noglob npx bunx pnpx uvx pipx hyperfine expect
  screen tmux at batch crontab systemd-run runuser setpriv prlimit dbus-run-session xvfb-run gdb lldb perf valgrind rlwrap
  unbuffer proot firejail bwrap fakeroot socat . source ssh
  faketime ssh-agent tini dumb-init chpst sem nix-shell catchsegv`.split(/\s+/u),
);

/** Words of a shell that change what later words mean, or that compute: only a rule with all of their words allows them. */
const CHANGING = new Set(
  `eval trap alias unalias hash rehash enable disable export declare typeset local readonly integer float private unset set
  shopt setopt unsetopt emulate zmodload autoload bind bindkey complete compgen compdef read mapfile readarray let getopts
  pushd popd history fc wait vared zcompile sched zle zstyle caller coproc`.split(/\s+/u),
);

/** Programs that run the code in their arguments, or what they read, unless they are given a file of it. */
const INTERPRETERS =
  /^(?:(?:ba|da|z|k|mk|c|tc|fi|a|rba)?sh|python[\d.]*|pypy\d?|node|nodejs|deno|bun|tsx|ts-node|perl[\d.]*|ruby[\d.]*|php[\d.]*|lua[\d.]*|luajit|tclsh|wish|Rscript|R|julia|ghci|irb|osascript|pwsh|elixir|iex|erl|scala|groovy|jshell|swipl|sqlite3|psql|mysql|bc|dc|m4|ed|ex)$/u;
const HARMLESS_OF_INTERPRETERS = /^(?:--version|--help|-V|-h|--test|--check)$/u;

/** What of the arguments of well-known programs makes them run or write what the arguments say. */
const HANDING: readonly (readonly [programs: RegExp, args: RegExp])[] = [
  [/^find$/u, /^-(?:exec|execdir|ok|okdir|delete|fprint0?|fprintf|fls)$/u],
  [/^(?:fd|fdfind)$/u, /^-[A-Za-z]*[xX]|^--exec/u],
  [/^(?:zip|unzip|7z|cpio|ar)$/u, /^-[A-Za-z]*T|^--unzip-command|^--rsh/u],
  [/^(?:man|info|less|more|most|vi|vim|nvim|view|emacs|nano|top)$/u, /^[-+]/u],
  [/^(?:scp|sftp)$/u, /^-[A-Za-z]*[oFSJDP]/u],
  [/^rsync$/u, /^--(?:rs|out|log|write|pa)|^-[A-Za-z]*e/u],
  [/^(?:awk|gawk|mawk|nawk)$/u, /system|getline|close|fflush|[|>@`]|^-(?![Fv])/u],
  [
    /^(?:xxd|base64|openssl|gpg|split|csplit|tee|dd|install|ln)$/u,
    /^-[A-Za-z]*[oOr]|^--(?:out|filter|engine|provider)|^of=/u,
  ],
  [/^(?:tree|file|jq|yq|date|ps|uniq)$/u, /^-[A-Za-z]*[oCLi]|^--(?:out|from|in-?place|library|compile)/u],
  [/^(?:test|\[)$/u, /^-(?:[vR]|eq|ne|[lg][te])$|\[./u],
  [/^(?:exit|return|break|continue|shift)$/u, /\D/u],
  [/^cd$/u, /^[-/~]|(?:^|\/)\.\.(?:\/|$)/u],
];

/** The scripts of sed that only print or replace: all others may run and write. */
const PLAIN_OF_SED = /^(?:(?:\d+|\$)(?:,(?:\d+|\$))?p|s(?<by>[/|#,:])[^\\\n]*?\k<by>[^\\\n]*?\k<by>[gIip\d]*)$/u;

const sedHandsOn = (words: readonly ShellWord[]): boolean => {
  const args = words.slice(1);
  const options = args.filter(({ lead }) => lead.startsWith('-'));
  const [script] = args.filter(({ lead }) => !lead.startsWith('-'));
  if (options.some(({ value }) => !/^-[nEr]+$/u.test(value ?? ''))) return true;
  const by = script?.value?.[1] ?? '';
  if (script?.value?.startsWith('s') && script.value.split(by).length !== 4) return true;
  return !PLAIN_OF_SED.test(script?.value ?? '') || args.some(({ value }) => value === null);
};

/** Whether an interpreter is given code instead of a file of it; without either it reads what it is handed. */
const interpreterHandsOn = (words: readonly ShellWord[], named: number): boolean => {
  const own = words.slice(1, named);
  if (own.length > 0) return own.every(({ value }) => value?.startsWith('-') ?? true);
  const [first, ...others] = words.slice(named);
  if (!first || first.value === null) return true;
  if (others.length === 0 && HARMLESS_OF_INTERPRETERS.test(first.value)) return false;
  return /^[-+]|^\/(?:dev|proc)\/|^(?:eval|repl|x|exec)$/u.test(first.value);
};

/** Whether a program or a word of a shell runs other words as a command. */
export const isRunner = (program: string): boolean =>
  RUNNERS.has(program) || ['eval', 'trap', 'alias', 'find', 'fd', 'fdfind'].includes(program);

/** Whether a program runs code that it is given. */
export const isInterpreter = (program: string): boolean => INTERPRETERS.test(program);

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const runnerHandsOn = (words: readonly ShellWord[], named: number): boolean => {
  const next = words.findIndex(
    ({ value }, index) => index > 0 && index < named && /^[A-Za-z./][^=]*$/u.test(value ?? ''),
  );
  return next < 0 ? words.length > 1 : handsOn(words.slice(next), named - next);
};

/** What printf writes as text; for zsh all else is a number, which it computes. */
const PLAIN_OF_PRINTF = /^(?:[^%]|%%|%-?\d*(?:\.\d+)?[sbq])*$/u;

const printfHandsOn = (words: readonly ShellWord[]): boolean => {
  const [format, ...values] = words.slice(1);
  if (!format || format.value === null || format.value.startsWith('-')) return format !== undefined;
  return !PLAIN_OF_PRINTF.test(format.value) && values.some(({ value }) => !/^[\d.+-]*$/u.test(value ?? 'a'));
};

const knownHandsOn = (words: readonly ShellWord[], named: number): boolean => {
  const program = nameOf(words[0]!.value ?? '');
  const tests = HANDING.filter(([programs]) => programs.test(program));
  if (tests.length === 0) return false;
  return words.some((word, index) => {
    const text = word.value ?? word.lead;
    // An option that the rule ends with takes the next word.
    const isNamed = index < named && !(index === named - 1 && text.startsWith('-'));
    if (index < 1 || isNamed) return false;
    return isUnclear(word) || tests.some(([, args]) => args.test(text));
  });
};

const gitRuns = (words: readonly ShellWord[], named: number): boolean => {
  const inner = commandInGit(words);
  if (inner === 0) return gitHandsOn(words, named);
  return named <= inner || handsOn(words.slice(inner), named - inner);
};

/**
 * Whether a command hands something on to be run that the rule does not name: `named` says how many of its words the
 * rule names. No list is complete; what a program runs by itself is what the rule allows with it.
 */
export const handsOn = (words: readonly ShellWord[], named: number): boolean => {
  const program = nameOf(words[0]!.value ?? '');
  if (CHANGING.has(program)) return true;
  if (RUNNERS.has(program)) return runnerHandsOn(words, named);
  const plain = plainOf(program);
  if (plain) return plainHandsOn(plain, program, [words, named]);
  if (isInterpreter(program)) return interpreterHandsOn(words, named);
  if (program === 'git') return gitRuns(words, named);
  if (program === 'printf') return printfHandsOn(words);
  return program === 'sed' || program === 'gsed' ? sedHandsOn(words) : knownHandsOn(words, named);
};

/** Programs that run the words behind their own options and are harmless themselves, and how many words those are. */
const WRAPPERS: Readonly<Record<string, RegExp>> = {
  nohup: /^nohup /u,
  nice: /^nice (?:-n \d+ )?/u,
  time: /^time /u,
  timeout: /^timeout \d+(?:\.\d+)?[smh]? /u,
  stdbuf: /^stdbuf (?:-[oe][L0] )+/u,
};

/** The command behind a wrapper in its plain form; undefined where there is none. */
export const behindWrapper = (words: readonly ShellWord[]): readonly ShellWord[] | undefined => {
  const [first] = words;
  const wrapper = Object.hasOwn(WRAPPERS, first?.value ?? '') ? WRAPPERS[first!.value!]! : undefined;
  const own = wrapper?.exec(words.map(({ text }) => text).join(' '))?.[0];
  const rest = own === undefined ? [] : words.slice(own.split(' ').length - 1);
  return /^(?:\.{0,2}\/)?\w/u.test(rest[0]?.text ?? '') && rest[0]?.value === rest[0]?.text ? rest : undefined;
};
