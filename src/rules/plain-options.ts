import { isUnclear, type ShellWord } from './shell-words.ts';

/** What of the words of a program that can run or write what they say certainly does neither. */
type Plain = {
  readonly options: RegExp;
  /** Its commands; without any its other words are files or patterns. */
  readonly commands?: RegExp;
  /** The options before a command, none of which may take the next word. */
  readonly before?: RegExp;
  /** The commands that run what they are given: a rule has to name more than them. */
  readonly running?: RegExp;
  /** Words that are no options and nevertheless say what is run or written. */
  readonly handing?: RegExp;
  /** Behind this all is for what the program runs anyway. */
  readonly end?: string;
};

/** Options as they are written in full, each alone or with a value behind `=`, and others by a pattern. */
const options = (long: string, others: string): RegExp =>
  new RegExp(`^(?:--(?:${long.trim().split(/\s+/u).join('|')})(?:=.*)?|--help|--version|--|-|${others})$`, 'su');

const words = (list: string): RegExp => new RegExp(`^(?:${list.trim().split(/\s+/u).join('|')})$`, 'u');

const PACKAGES: Plain = {
  options: options(
    `silent quiet verbose if-present workspace workspaces include-workspace-root no-audit no-fund no-save no-color color
    json long depth all production omit include save save-dev save-dev save-exact save-optional save-peer legacy-peer-deps
    force dry-run prefer-offline offline frozen-lockfile immutable ignore-scripts no-progress loglevel run watch coverage
    recursive filter parallel ci yes global package-lock-only no-package-lock`,
    '-[sqdvwDgEOPflay]|-ws|-iwr',
  ),
  before: /^(?:-s|-q|-d|--silent|--quiet|--version|--help|-v|-h)$/u,
  commands: words(
    `t tst test run run-script start stop restart build lint typecheck check format dev install i ci clean-install add
    uninstall un remove rm update up upgrade outdated ls list la ll view info show audit fund why explain root help search
    prune dedupe version pack ping whoami doctor diff query`,
  ),
  running: words('exec x dlx explore create init innit edit config c set'),
  end: '--',
};

/** Programs whose options are too many to list those that run or write: what is not in here is asked. */
const PLAIN: readonly (readonly [programs: RegExp, Plain])[] = [
  [/^(?:npm|pnpm|yarn|bun)$/u, PACKAGES],
  [
    /^go$/u,
    {
      // It takes one dash or two.
      options:
        /^--?(?:v|race|run|count|short|timeout|cover|covermode|coverpkg|bench|benchmem|benchtime|parallel|p|tags|failfast|json|list|skip|shuffle|cpu|n|a|m|u|x|mod|trimpath|fullpath|help)(?:=.*)?$/su,
      commands: words('test build vet fmt list version env doc mod get install clean help'),
      before: /^$/u,
      running: words('run generate tool'),
      end: '-args',
    },
  ],
  [
    /^cargo$/u,
    {
      options: options(
        `all workspace lib bin bins test tests bench benches example examples all-targets doc release features
        all-features no-default-features no-run no-fail-fast locked offline frozen package exclude quiet verbose
        message-format jobs color profile check no-deps depth dry-run keep-going`,
        '-[qvrh]+|-[pjF].*',
      ),
      commands: words(
        'test t build b check c clippy fmt doc d bench run r tree metadata clean update add remove search version',
      ),
      before: /^(?:-[qvV]+|--version|--list|--help)$/u,
      end: '--',
    },
  ],
  [
    /^(?:pytest|py\.test)$/u,
    {
      options: options(
        `quiet verbose exitfirst capture lf last-failed ff failed-first nf new-first sw stepwise tb maxfail durations
        durations-min co collect-only cov cov-branch cov-fail-under no-cov no-header no-summary color disable-warnings
        markers fixtures deselect ignore ignore-glob strict-markers numprocesses showlocals timeout`,
        '-[qvxslh]+|-[rkmn].*',
      ),
    },
  ],
  [
    /^(?:uv|poetry|pipenv|pdm|hatch|mise|direnv|nix|bundle)$/u,
    {
      options: /^(?!-c|--(?:run|command|exec|directory|project|config|python|file))-/u,
      before: /^(?:-q|--quiet|-V|--version|--help)$/u,
      commands: words('sync lock add remove install update show list tree version check build outdated status search'),
      running: words('run exec x shell develop tool'),
    },
  ],
  [
    /^(?:docker|podman|kubectl)$/u,
    {
      options: options(
        'all quiet format filter tail since until no-trunc last size follow timestamps namespace output selector watch',
        '-[aqnfstdwA]+|-[nol].*',
      ),
      commands: words('ps images logs inspect version info top stats port history get describe events search'),
      before: /^(?:-v|--version|--help)$/u,
      running: words('run exec debug'),
    },
  ],
  [
    /^(?:tar|bsdtar|gtar)$/u,
    {
      options: options(
        `list extract get create file gzip ungzip bzip2 xz zstd verbose exclude strip-components wildcards keep-old-files
        no-same-owner no-same-permissions to-stdout totals diff compare`,
        '-[cxtuvzjJfapkmhdO]+',
      ),
    },
  ],
  [
    /^curl$/u,
    {
      options: options(
        `silent show-error location fail head include insecure verbose get compressed http1.1 http2 ipv4 ipv6 max-time
        connect-timeout retry retry-delay max-redirs header request user-agent data data-raw url no-progress-meter`,
        '-[sSLfiIkvgGN046#]*[XHAdm]?',
      ),
      handing: /^@/u,
    },
  ],
  [/^wget$/u, { options: options('quiet spider timeout tries no-verbose server-response', '-q|-nv|-S|-[Tt].*') }],
  [
    /^sort$/u,
    {
      options: options(
        `reverse unique numeric-sort general-numeric-sort human-numeric-sort version-sort month-sort random-sort key
        field-separator ignore-case ignore-leading-blanks dictionary-order ignore-nonprinting stable check merge
        zero-terminated sort parallel`,
        '-[bdfghiMnRrVcCmsuz]*(?:[kt].*)?',
      ),
    },
  ],
  [
    /^(?:rg|ripgrep)$/u,
    {
      options: options(
        `no-[a-z-]+ type type-not type-list glob iglob files files-with-matches files-without-match count count-matches
        hidden ignore-case case-sensitive smart-case fixed-strings word-regexp line-regexp line-number invert-match
        max-count max-depth context after-context before-context only-matching multiline multiline-dotall pcre2 replace
        sort sortr heading with-filename color json stats vimgrep column trim text unrestricted regexp file null passthru`,
        '-[niwvlcoFSsuPUhHLNIqpxa0.]*(?:[ABCgtTmeEMjdrf].*)?',
      ),
    },
  ],
  [
    /^(?:make|gmake|ninja|just)$/u,
    {
      options: options(
        'jobs keep-going dry-run just-print silent quiet always-make question list no-print-directory',
        '-[knsBqd]*(?:[jl]\\d*)?',
      ),
      handing: /=/u,
    },
  ],
];

/** What is known of the words of a program. */
export const plainOf = (program: string): Plain | undefined => PLAIN.find(([programs]) => programs.test(program))?.[1];

/** tar reads letters without a dash as options where they stand first. */
const asOption = (program: string, text: string, index: number): string =>
  index === 1 && /tar$/u.test(program) && !text.startsWith('-') ? `-${text}` : text;

/** Whether a program that is known has words beyond those a rule names that may run or write something else. */
export const plainHandsOn = (plain: Plain, program: string, [all, named]: [readonly ShellWord[], number]): boolean => {
  const { commands, before = plain.options, running, handing, end } = plain;
  const at = all.findIndex(({ lead }, index) => index > 0 && !lead.startsWith('-'));
  const command = commands && at > 0 ? (all[at]!.value ?? '') : '';
  if (running?.test(command) && named <= at + 1) return true;
  if (commands && at >= named && !commands.test(command)) return true;
  const last = end === undefined ? -1 : all.findIndex(({ value }) => value === end);
  return all.some((word, index) => {
    // An option that the rule ends with takes the next word.
    const isNamed = index < named && !(index === named - 1 && word.lead.startsWith('-'));
    if (index < 1 || isNamed || (last >= 0 && index >= last)) return false;
    if (isUnclear(word)) return true;
    const text = asOption(program, word.value ?? word.lead, index);
    if (!text.startsWith('-')) return handing?.test(text) === true;
    return !(commands && index < at ? before : plain.options).test(text);
  });
};
