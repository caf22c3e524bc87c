import { withoutControls } from '../lib/text.ts';

/** What a program printed. */
type Printed = { readonly stdout: string; readonly stderr: string };

/** Longer lines are no words for a person, and nothing is looked for behind that. */
const MOST_LETTERS = 1000;

const linesOf = (text: string): string[] =>
  withoutControls(text)
    .split('\n')
    .map((line) => line.slice(0, MOST_LETTERS).trim())
    .filter((line) => line !== '');

const isAny =
  (...patterns: readonly RegExp[]) =>
  (line: string): boolean =>
    patterns.some((pattern) => pattern.test(line));

/** Counts, times and rules, which say that something failed at most, and not what. */
const isStatistic = isAny(
  /^(?:ℹ|#) \w+ [\d.]+$/u,
  /^(?:Tests?|Test Files|Test Suites|Suites|Snapshots|Time|Start at|Duration|Errors|Type Errors)\b:?\s+[\d<]/u,
  /^=*\s*\d+ (?:passed|failed|errors?|skipped|xfailed|warnings?|deselected|passing|failing|pending)\b/u,
  /^(?:test result:|Ran all test suites|Found \d+ errors?|[✖×] \d+ problems?|exit status \d|1\.\.\d+$|TAP version|# Subtest)/u,
  /^(?:FAIL|ok)(?:$|\s*\t)|\[\s*\d+%\]$|^=+ .* =+$|^[-=_+|⎯─━\s[\]/\d.%]+$/u,
);

/** What tools print around it: the commands that they run, places in their stacks, fields of an error, the next thing to do. */
const isNoise = isAny(
  /^(?:>|❯|at|npm (?:warn|notice|error|ERR!)|note:|stack backtrace:|failures:|Compiling|Finished|Running|Doc-tests|drover:)(?: |$)/u,
  /^(?:\(node:|\(Use `|error: (?:test failed, to rerun|could not compile|\|-)|Expected:|Received:)/u,
  /^(?:code|actual|expected|operator|generatedMessage|diff|duration_ms|type|location|failureType|name|stack): /u,
  /^[-+] (?:expected|received|actual)\b|^\d+: \S+::|^[{}()[\],.;…]+$/iu,
);

/** That a part went well. */
const isSuccess = isAny(/^(?:✔|✓|√|ok\b|PASS(?:ED)?\b)|\.\.\. ok$|\bPASSED\b/u);

/** That all of a run of tests went well: what has failed after it came later. */
const isAllWell = isAny(
  /^(?:ℹ|#) fail 0$|^test result: ok\b|^\d+ passing\b/u,
  /^(?:=*\s*\d+ passed\b|Tests:?\s+\d)(?!.*\b(?:failed|errors?)\b)/u,
);

/** What says that it is a failure, and of what. */
const isFailure = isAny(
  /^(?:[✖✗✘×✕●]\s|not ok\b|FAIL(?:ED|URE)?:?\s+\S|E\s{2,}\S|--- FAIL\b|panic:|fatal:|assertion\b.*\bfailed)/u,
  /^(?:\S+ )?[\w.]*(?:Error|Exception)\b(?: \[\w+\])?:|\berror\b(?:\[\w+\]| TS\d+)?: |\.\.\. FAILED$/iu,
  /^\d+:\d+\s+error\s|^\S+\.go:\d+(?::\d+)?: /u,
);

const isLikeFailure = isAny(
  /\b(?:errors?|fail(?:s|ed|ing|ures?)?|exception|expect(?:ed)?|assert(?:ion)?|cannot|fatal|denied|not found)\b/iu,
);

const NO_FAILURES = /\b(?:0|no) (?:errors?|fail(?:ed|ures?)|warnings?)\b/giu;

/** The words with which a tool hands on that something which it has run did not succeed. */
const isEcho = isAny(/^g?make(?:\[\d+\])?: \*\*\*|^error: Recipe /u);

/** The last line that looks like a failure, the surest kind first; one that ends with a colon only announces others. */
const failureIn = (lines: readonly string[]): string | undefined => {
  const own = lines.filter((line) => !isStatistic(line) && !isNoise(line) && !isSuccess(line));
  const sure = own.filter((line) => isFailure(line) && !isEcho(line));
  return (
    sure.findLast((line) => !line.endsWith(':')) ??
    sure.at(-1) ??
    own.findLast((line) => isLikeFailure(line.replaceAll(NO_FAILURES, '')) && !isEcho(line)) ??
    own.findLast(isEcho)
  );
};

/** The last line with words of its own; none where the last of them say that something went well. */
const lastWords = (lines: readonly string[]): string => {
  const last = lines.findLast((line) => !isStatistic(line) && !isNoise(line)) ?? '';
  return isSuccess(last) ? '' : last;
};

/**
 * The line of a failed command that says most of why: the last one that looks like a failure, else its last words. Empty where
 * nothing that it printed does, as behind tests that all passed.
 */
export const tellingLine = ({ stdout, stderr }: Printed): string => {
  const printed = linesOf(stdout);
  const well = printed.findLastIndex(isAllWell);
  const rest = printed.slice(well + 1);
  const aside = linesOf(stderr);
  return failureIn([...rest, ...aside]) ?? lastWords(well < 0 ? [...rest, ...aside] : rest);
};
