import type { ParsedTask } from '../spec/spec-tasks.ts';

/**
 * What a task is for its place in the order. In a plan that mends a mistake an exploration shows it, and a preservation what
 * has to stay as it is, before the work begins.
 */
export type Kind = 'checkpoint' | 'exploration' | 'preservation' | 'test' | 'work';

const CHECKPOINT = /^(?:[\w-]+\s+){0,3}checkpoint\s*\d*\s*(?:$|[-–—:.(])/iu;
const MAKING = /^(?:implement|add|create|build|write|update|save|store|load|fix)\b/iu;
const FINAL =
  /^final\b.*\b(?:check|checks|verification|validation|review|acceptance|sign-?off|test(?:s|ing)?|pass)\b|^ensure all tests pass/iu;
const VERIFYING = /^(?:re-?)?(?:verify|validate|confirm|check|ensure|run)\b/iu;
const RUN_SOMETHING =
  /^run\b(?!.*\b(?:tests?|suites?|checks?|lint|build|ci|verify|validat\w*|verification)\b)(?!.*validate)/iu;
const TOOLING =
  /^(?:set\s?up|configure|install|prepare|scaffold|bootstrap|fix|refactor|remove|delete|migrate|rename)\b/iu;
const EXPLORATION = /\b(?:exploration|exploratory|bug condition)\b.*\btests?\b/iu;
const PRESERVATION = /\bpreservation\b.*\b(?:tests?|property|properties)\b/iu;
const NAMED_TEST =
  /\b(?:unit|integration|property(?:-based)?|e2e|end-to-end|regression|smoke|snapshot|performance|load|acceptance|contract|example-based|component|system)[\s/-]+(?:based[\s-]+)?tests?\b/iu;
const WRITES_TEST =
  /^(?:write|add|create|implement|extend|update|expand|author|complete|port)\b[^:]*?\btests?\b(?!\s+(?:framework|harness|infrastructure|runner|environment|utilit|helper|fixture|data\b|setup|config|bed\b|double|account|mode|page))/iu;
const TEST =
  /^(?:(?:write )?property \d+|tests?\b|testing\b)|テスト|検証|测试|測試|验证|驗證|테스트|\bpruebas?\b|\btestes?\b/iu;

const isCheckpoint = (title: string, isTop: boolean): boolean =>
  (CHECKPOINT.test(title) && !MAKING.test(title)) || (isTop && FINAL.test(title));

/** Reads from its title what a task is for; an optional one of which nothing else is known is a test. */
export const kindOf = ({ title, optional }: Pick<ParsedTask, 'title' | 'optional'>, isTop: boolean): Kind => {
  const text = title.replace(/\*\*|`/gu, '').trim();
  if (isCheckpoint(text, isTop)) return 'checkpoint';
  if (VERIFYING.test(text)) return RUN_SOMETHING.test(text) ? 'work' : 'test';
  if (TOOLING.test(text)) return 'work';
  if (EXPLORATION.test(text)) return 'exploration';
  if (PRESERVATION.test(text)) return 'preservation';
  return optional || [NAMED_TEST, WRITES_TEST, TEST].some((pattern) => pattern.test(text)) ? 'test' : 'work';
};

/** Programs and libraries that are called like files. */
const NO_FILE =
  /\b(?:node|next|vue|nuxt|react|express|three|chart|socket|d3|moment|discord|alpine|ember|solid)\.js\b/giu;
const FILE =
  /[\w)\]}*>-]\.(?:[cm]?[jt]sx?|py|pyi|rb|go|rs|java|kts?|swift|c|h|cc|cpp|hpp|cs|php|sh|bash|zsh|fish|ps1|bat|sql|mdx?|rst|txt|jsonc?|jsonl|ndjson|ya?ml|toml|ini|cfg|conf|env|xml|html?|s?css|sass|less|vue|svelte|astro|csv|tsv|lock|proto|graphql|gradle|tf|ipynb|hook|service|template|example|svg|png|prisma|dart|ex|exs|lua|r|jl|scala|clj|sol)\b(?![\w(])|\b(?:Dockerfile|Makefile|CODEOWNERS|\.gitignore|\.env)\b/iu;

/** A command in backticks runs files and does not change them. */
const COMMAND = /`[^`]*\s[^`]*`/gu;

/** Whether the title or a point of the task mentions a file. */
export const namesFile = ({ title, details }: Pick<ParsedTask, 'title' | 'details'>): boolean =>
  [title, ...details].some((text) => FILE.test(text.replace(COMMAND, ' ').replace(NO_FILE, ' ')));
