import { isUnclear, type ShellWord } from './shell-words.ts';

/** The options before a command of git that change nothing of what it runs. */
const PLAIN_BEFORE =
  /^(?:--no-pager|-P|--no-optional-locks|--version|--help|--literal-pathspecs|--no-replace-objects)$/u;

/** Options of one letter that neither run nor write anything, by command: first those alone, then those with a value. */
const LETTERS: readonly (readonly [commands: string, alone: string, valued?: string])[] = [
  ['status', 'sbvz', 'u'],
  [
    'log show diff shortlog whatchanged reflog diff-tree diff-index diff-files range-diff',
    'pusczabwiEFPrRtmgqDWh',
    'nSGLUMCBl',
  ],
  ['grep', 'ivwnlLcoEFGPhHrzapqWI', 'eABCm'],
  ['add', 'nvfuANip'],
  ['commit', 'apsvqnieoz', 'mFCcuS'],
  ['push', 'nfuqvd46', 'o'],
  ['fetch', 'aftpqvnkPmu46', 'jo'],
  ['pull', 'aftpqvnkr46'],
  ['checkout', 'qftdlmp', 'bB'],
  ['switch', 'qfdtm', 'cC'],
  ['branch', 'avrdDmMcCflqti', 'u'],
  ['tag', 'alfdvis', 'mFn'],
  ['merge', 'qnve', 'mFX'],
  ['rebase', 'iqvfnrmk', 'XC'],
  ['cherry-pick revert', 'nexs', 'mX'],
  ['stash', 'ukqap', 'm'],
  ['reset', 'qNp'],
  ['restore', 'qpmWS', 's'],
  ['rm mv', 'frnqkv'],
  ['clean', 'dfnqxXi', 'e'],
  ['clone', 'lsqvn46', 'bj'],
  ['ls-files', 'cdmoisktvfz', 'xX'],
  ['ls-tree', 'drtlz'],
  ['ls-remote', 'thbq'],
  ['rev-parse symbolic-ref', 'q'],
  ['rev-list', '', 'n'],
  ['blame annotate', 'bslctfenpw', 'LMC'],
  ['remote', 'v'],
  ['worktree', 'fqv', 'bB'],
  ['show-ref', 'hdsq'],
  ['cat-file', 'tpse'],
  ['merge-base', 'a'],
  ['archive format-patch', 'nNksvl'],
  ['apply', 'R3zqv', 'pC'],
  ['check-ignore', 'vnq'],
  ['count-objects', 'vH'],
  ['describe for-each-ref name-rev show-branch cherry version help', ''],
  // Settings and what runs what it is given: only where a rule names more than the command.
  ['config', 'lz'],
  ['submodule bisect', 'q'],
];
const LETTERS_OF: ReadonlyMap<string, RegExp> = new Map(
  LETTERS.flatMap(([commands, alone, valued]) =>
    commands
      .split(' ')
      .map((command) => [
        command,
        new RegExp(`^-(?:\\d+|[${alone}_]*(?:${valued ? `(?<valued>[${valued}])(?<value>.*)` : ''})?)$`, 'su'),
      ]),
  ),
);

/** Long options that neither run nor write anything. git takes beginnings of others for them, which are not in here. */
const LONG = new Set(
  `oneline stat shortstat numstat name-only name-status dirstat summary graph decorate all branches tags remotes format pretty
  abbrev abbrev-commit since until after before author committer grep all-match invert-grep regexp-ignore-case max-count skip
  reverse merges first-parent follow patch raw unified color color-words word-diff word-diff-regex minimal patience histogram
  diff-algorithm ignore-all-space ignore-space-change ignore-space-at-eol ignore-blank-lines ignore-cr-at-eol
  function-context cached staged merge-base diff-filter find-renames find-copies relative text binary full-index quiet
  exit-code check compact-summary porcelain short long branch show-stash untracked-files ignored ignore-submodules verbose
  dry-run force force-with-lease force-if-includes set-upstream delete follow-tags atomic prune progress depth deepen
  unshallow shallow-since single-branch bare recursive recurse-submodules jobs rebase ff-only ff squash commit edit continue
  abort quit onto autosquash autostash interactive root keep-base rebase-merges amend message file reuse-message
  reedit-message fixup allow-empty allow-empty-message signoff date cleanup include only track detach orphan create
  discard-changes merge conflict ours theirs source worktree soft mixed hard keep intent-to-add update refresh show-current
  list contains merged points-at sort column move copy set-upstream-to unset-upstream heads refs get-url symref
  show-toplevel show-prefix is-inside-work-tree abbrev-ref verify symbolic-full-name git-common-dir git-dir absolute-git-dir
  count left-right cherry cherry-pick objects others exclude exclude-standard modified deleted stage error-unmatch full-name
  line-number files-with-matches ignore-case word-regexp extended-regexp fixed-strings perl-regexp heading break
  show-function context after-context before-context untracked and or not line-porcelain dirty always exact-match match
  include-untracked index keep-index get get-all local init strategy-option push-option`.split(/\s+/u),
);

const isPlainLong = (text: string): boolean =>
  text === '--' || /^--no-/u.test(text) || LONG.has(/^--(?<name>[^=]*)/su.exec(text)!.groups!['name']!);

/** The commands that run what they are given, or set what later ones run: a rule has to name more than them. */
const HANDING = /^(?:config|bisect|submodule|for-each-repo|filter-branch|merge-index|difftool|mergetool|hook)$/u;

/** Behind `--` these take nothing but paths. */
const OF_PATHS =
  /^(?:add|blame|checkout|clean|commit|diff|grep|log|ls-files|mv|reset|restore|rm|shortlog|show|status|whatchanged)$/u;

/** These take a message behind `-m`, which is text whatever it is. */
const OF_MESSAGES = /^(?:commit|merge|tag)$/u;

const commandAt = (words: readonly ShellWord[]): number =>
  words.findIndex(
    ({ value }, index) => index > 0 && !(value ?? '-').startsWith('-') && !/^-[cC]$/u.test(words[index - 1]!.text),
  );

/** The word behind `git bisect run` or `git submodule foreach`, which is a command itself; 0 where there is none. */
export const commandInGit = (words: readonly ShellWord[]): number => {
  const at = commandAt(words);
  const runs = { bisect: 'run', submodule: 'foreach' }[words[at]?.value ?? ''];
  const run = words.findIndex(({ value }, index) => at > 0 && index > at && value === runs && runs !== undefined);
  const next = words.findIndex(({ lead }, index) => run > 0 && index > run && !lead.startsWith('-'));
  return next < 0 && run > 0 ? words.length : Math.max(next, 0);
};

const isMessage = (letters: RegExp | undefined, command: string, before: ShellWord | undefined): boolean => {
  if (!OF_MESSAGES.test(command)) return false;
  const { valued, value } = letters?.exec(before?.value ?? '')?.groups ?? {};
  return (valued === 'm' && value === '') || before?.value === '--message';
};

const isPlain = (word: ShellWord, letters: RegExp | undefined): boolean => {
  if (isUnclear(word)) return false;
  const text = word.value ?? word.lead;
  if (text.startsWith('--')) return isPlainLong(text);
  if (/^-./su.test(text)) return letters?.test(text) === true;
  // A program of its own fetches what stands before these.
  return !/^[\w-]+::/u.test(text);
};

/** Whether git is told to run something that the first words, which a rule names, do not say. */
export const gitHandsOn = (words: readonly ShellWord[], named: number): boolean => {
  const at = commandAt(words);
  const options = words.slice(1, at < 0 ? undefined : at).filter((_, index) => index + 1 >= named - 1);
  if (options.some(({ value }) => value === null || !PLAIN_BEFORE.test(value))) return true;
  if (at < 0) return false;
  const command = words[at]!.value!;
  if (at >= named && !LETTERS_OF.has(command)) return true;
  if (HANDING.test(command) && named <= at + 1) return true;
  const letters = LETTERS_OF.get(command);
  const end = OF_PATHS.test(command) ? words.findIndex(({ value }) => value === '--') : -1;
  return words.some((word, index) => {
    // An option that the rule ends with takes the next word.
    const isNamed = index < named && !(index === named - 1 && word.lead.startsWith('-'));
    if (index <= at || isNamed || (end >= 0 && index > end)) return false;
    // In quotes it stays one word.
    const one =
      isMessage(letters, command, words[index - 1]) && (word.value !== null || /^"/u.test(word.text)) && !word.splits;
    return !one && !isPlain(word, letters);
  });
};

/** Settings that change how git prints and who it says has written. */
const PLAIN_SETTING = /^(?:color|user|advice)\.[\w.]+=/iu;
/** The other commands that git has itself: any further one is an alias, or a program of somebody else. */
const OTHERS = new Set(
  `am bundle check-attr check-ref-format column commit-tree daemon diagnose fast-export fast-import fetch-pack fsck gc
  hash-object init interpret-trailers maintenance merge-file merge-tree mktag mktree notes pack-objects pack-refs patch-id
  lfs prune read-tree receive-pack remote-http repack replace rerere send-email send-pack sparse-checkout stripspace
  unpack-objects update-index update-ref upload-pack var verify-commit verify-pack verify-tag write-tree`.split(/\s+/u),
);

/** Whether a command of git may mean something else than it says: by settings of this call, or as an alias. */
export const isGitRedefined = ([name, ...args]: readonly (string | null)[]): boolean => {
  if (!/^(?:.*\/)?git$/u.test(name ?? '')) return false;
  const at = args.findIndex((word, index) => !word?.startsWith('-') && !/^-[cC]$/u.test(args[index - 1] ?? ''));
  const command = args[at] ?? null;
  if (command !== null && !LETTERS_OF.has(command) && !HANDING.test(command) && !OTHERS.has(command)) return true;
  return args
    .slice(0, at < 0 ? undefined : at)
    .some(
      (word, index) =>
        /^--(?:config|exec)/u.test(word ?? '') || (word === '-c' && !PLAIN_SETTING.test(args[index + 1] ?? '')),
    );
};
