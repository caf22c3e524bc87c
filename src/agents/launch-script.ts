import { oneLine } from '../lib/text.ts';
import { badLaunch } from './errors.ts';

/** Variables by which a person tells git who they are. */
export const IDENTITY_ENV: readonly string[] = [
  ...['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL', 'EMAIL'],
];

/**
 * Variables of the person's environment that every agent and every check may see; a `*` at the end stands for anything.
 * Who they are, also to git, their terminal and language, where toolchains lie, and how to reach the network. Tokens, keys,
 * agent sockets (SSH, GPG) and `TMUX` are not among them: `pass_env` of an agent adds what it needs.
 */
export const COMMON_ENV: readonly string[] = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'PWD', 'TMPDIR', 'TZ', 'LANG', 'LANGUAGE', 'LC_*', 'XDG_*'],
  ...IDENTITY_ENV,
  ...['TERM', 'TERMINFO', 'TERMINFO_DIRS', 'COLORTERM', 'TERM_PROGRAM', 'TERM_PROGRAM_VERSION', 'NO_COLOR'],
  ...['JAVA_HOME', 'GOPATH', 'GOROOT', 'CARGO_HOME', 'RUSTUP_HOME', 'NVM_DIR', 'VOLTA_HOME', 'FNM_DIR', 'PNPM_HOME'],
  ...['BUN_INSTALL', 'DENO_INSTALL', 'ASDF_DIR', 'ASDF_DATA_DIR', 'PYENV_ROOT', 'RBENV_ROOT', 'VIRTUAL_ENV'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'],
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
];

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/u;
const PATTERN = /^[A-Za-z_][A-Za-z0-9_]*\*?$/u;

const matches = (name: string, pattern: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

/** The variables of an environment that patterns like those of `passEnv` name. */
export const pickedEnv = (
  environment: Readonly<Record<string, string | undefined>>,
  patterns: readonly string[],
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && NAME.test(entry[0]) && patterns.some((pattern) => matches(entry[0], pattern)),
    ),
  );

const refuse = (what: string, value: string): never => {
  throw badLaunch({ what, value: oneLine(value) });
};

/** A word that any POSIX shell reads back byte for byte. No process can be given a NUL. */
const word = (what: string, value: string): string =>
  value.includes('\0') ? refuse(what, value) : `'${value.replaceAll("'", `'\\''`)}'`;

const exportLine = ([name, value]: readonly [string, string]): string =>
  NAME.test(name) ? `export ${name}=${word(`the variable ${name}`, value)}` : refuse('the variable', name);

/** The line of shell that sets these variables. */
export const exportsLine = (env: Readonly<Record<string, string>>): string =>
  Object.entries(env).map(exportLine).join('; ');

const readingLines = (pipe: string): string => {
  const path = word('the pipe', pipe);
  return `. ${path} || exit 126
rm -f ${path}
`;
};

/** The words that have a program stand behind others where processors are short. */
export const niceWords = (nice: number): readonly string[] => (nice === 0 ? [] : ['nice', '-n', String(nice)]);

/** Where Linux shares processors out by terminals, `nice` counts within one of them only. */
const groupLine = (nice: number): string => (nice === 0 ? '' : `{ echo ${nice} >/proc/self/autogroup; } 2>/dev/null\n`);

/**
 * The text of a script for `sh` that becomes the agent: it takes out of its environment all that is neither in
 * {@link COMMON_ENV} nor in `keep`, adds `env`, and executes `argv`. Ends with 127 when the program is not there.
 */
export const launchScript = (launch: {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly keep: readonly string[];
  /** A named pipe through which a line of shell comes that sets what must not lie on the disk. */
  readonly pipe?: string;
  /** The words that shut the agent in; an interrupt from the keyboard is for the agent, and ends none of them. */
  readonly wall?: readonly string[];
  /** How far it stands behind others where processors are short, as `nice` counts it. */
  readonly nice?: number;
}): string => {
  const [program = ''] = launch.argv;
  if (program === '') refuse('the command', '');
  const bad = launch.keep.find((pattern) => !PATTERN.test(pattern));
  if (bad !== undefined) refuse('the variable', bad);
  const kept = [...new Set([...COMMON_ENV, ...launch.keep])].join(' | ');
  const walled = launch.wall ? [...launch.wall, 'env', '--default-signal=INT,QUIT', ...launch.argv] : launch.argv;
  const { nice = 0 } = launch;
  const argv = [...niceWords(nice), ...walled];
  const command = argv.map((arg) => word('the argument', arg)).join(' ');
  return `#!/bin/sh
# Becomes an agent: with these variables only, and this command.
set -f
drover_names=$(LC_ALL=C command awk 'BEGIN { for (name in ENVIRON) print name }') || {
  echo 'drover: the environment cannot be listed (awk is missing), so the agent is not started'
  exit 126
}
# Names that a shell has no word for, or does not let go of, are left to env.
set -- env
IFS='
'
for drover_name in $drover_names; do
  case $drover_name in
    ${kept}) ;;
    [0-9]* | *[!A-Za-z0-9_]*) set -- "$@" -u "$drover_name" ;;
    *) command unset "$drover_name" 2>/dev/null || set -- "$@" -u "$drover_name" ;;
  esac
done
unset IFS drover_names drover_name
set +f
${Object.entries(launch.env).map(exportLine).join('\n')}
${launch.pipe === undefined ? '' : readingLines(launch.pipe)}command -v ${word('the command', program)} >/dev/null 2>&1 || {
  printf 'drover: "%s" is not installed or not in PATH\\n' ${word('the command', oneLine(program))}
  exit 127
}
${groupLine(nice)}${launch.wall ? "trap '' INT QUIT\n" : ''}[ $# -eq 1 ] || exec "$@" ${command}
exec ${command}
`;
};
