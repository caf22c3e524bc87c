import { shellQuote } from '../lib/text.ts';

/** What was there when the words were found, and may be gone when they are used: others come and go meanwhile. */
export type Passing = { readonly folders: ReadonlySet<string>; readonly sockets: ReadonlySet<string> };

/** So often it is tried: what goes in the very moment of one start is seldom followed by another. */
const TRIES = 10;

/** Where the words for bubblewrap end, and those of the program begin. */
const END = '.';

/** A byte that is no part of a character stands as one of these in a path. */
const RAW = /[\uDC80-\uDCFF]/u;

/** Whether a path has such bytes, which have to be written out: nothing else can give them to a program as an argument. */
export const isWritten = (path: string): boolean => RAW.test(path);

/** The path as `printf %b` writes it. */
const written = (path: string): string =>
  path.replaceAll(/[\uDC80-\uDCFF\\]/gu, (one) => `\\0${(one.charCodeAt(0) & 0xff).toString(8).padStart(3, '0')}`);

/** The next of the words for the shell, whose first letter says how it is to be read, and how many it stands for. */
const marked = (words: readonly string[], n: number, { folders, sockets }: Passing): readonly [string, number] => {
  const [option, first = '', second = ''] = words.slice(n, n + 3);
  if (option === '--tmpfs' && folders.has(first)) return [`d${first}`, 2];
  if (option === '--ro-bind' && first === '/dev/null' && sockets.has(second))
    return [isWritten(second) ? `b${written(second)}` : `s${second}`, 3];
  return [`=${option}`, 1];
};

const markedAll = (words: readonly string[], passing: Passing): readonly string[] => {
  const all: string[] = [];
  for (let n = 0; n < words.length; ) {
    const [word, count] = marked(words, n, passing);
    all.push(word);
    n += count;
  }
  return all;
};

/** The words that have a filter of the kernel's, which comes by a pipe: its bytes are no text that an argument could hold. */
const filterText = (bytes: readonly number[]): string =>
  `printf '${bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}' | `;

/**
 * Leaves out what is not there any more. Each word is kept under a name of its own, and the list of these names is what grows:
 * putting words before others one by one takes the longer the more there are. Words are what the shell is given apart from
 * its text, because a single argument may not have more than 128 KiB.
 */
const SIFT = `
drover_n=0 drover_some= drover_all=
for drover_word do
  drover_n=$((drover_n + 1)) drover_before=
  case $drover_word in
    (${END}) break ;;
    (d*) test -d "\${drover_word#?}" || continue; drover_before=--tmpfs ;;
    (b*) drover_word=b$(printf '%b.' "\${drover_word#?}"); drover_word=\${drover_word%.} ;;
  esac
  case $drover_word in ([sb]*) test -S "\${drover_word#?}" || continue; drover_before='--ro-bind /dev/null' ;; esac
  eval "drover_$drover_n=\\\${drover_word#?}"
  drover_some="$drover_some $drover_before \\"\\$drover_$drover_n\\""
  case $drover_n in (*00) drover_all=$drover_all$drover_some drover_some= ;; esac
done
shift "$drover_n"
eval "set -- $drover_all$drover_some \\"\\$@\\""`.trim();

/**
 * Words of bubblewrap as a program that starts also where something of what they name is gone by then, or goes in that very moment.
 * bubblewrap can lay nothing over what is not there, and ends before it has started anything: it says how a program ended
 * only where there was one. What is not there is left out, then it is looked for once more.
 */
export const steadyWall = (
  words: readonly string[],
  passing: Passing,
  filter: readonly number[] | null,
): readonly string[] => {
  const [program = '', ...rest] = words;
  const start = `exec ${shellQuote(program)} --json-status-fd 9`;
  const streams = '"$@" 9>&1 >&8 8>&-';
  const text = [
    `exec 8>&1${filter ? ' 6<&0' : ''}`,
    `for drover_try in ${Array.from({ length: TRIES }, (_, n) => n + 1).join(' ')}; do`,
    'drover_said=$(',
    SIFT,
    filter ? `${filterText(filter)}${start} --seccomp 7 ${streams} 7<&0 <&6 6<&-` : `${start} ${streams}`,
    ')',
    'drover_code=$?',
    `case $drover_code:$drover_said in 1:*exit-code*) break ;; 1:*) ;; *) break ;; esac`,
    'done',
    'exit $drover_code',
  ].join('\n');
  return ['sh', '-c', text, 'sh', ...markedAll(rest, passing), END];
};
