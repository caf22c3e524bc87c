import { type HeadingReader, headingReader, isCriteriaHeading } from './requirement-headings.ts';
import { readHeading } from './spec-entries.ts';
import { linesOf, type SpecLine } from './spec-lines.ts';

/** One acceptance criterion. `title` is the title of its requirement. */
export type Criterion = { readonly title: string; readonly text: string };

export type Requirements = {
  readonly criteria: ReadonlyMap<string, Criterion & { readonly line: number }>;
  /** Criteria whose id is there already. */
  readonly duplicates: readonly { readonly id: string; readonly line: number; readonly first: number }[];
};

type Item = {
  readonly line: number;
  readonly major: string | undefined;
  readonly minor: string;
  text: string;
  /** It is a heading, and all below it explains it. */
  readonly isHeading?: boolean;
};

/** A requirement with a list of its criteria that is being read. */
type Block = { readonly id: string; readonly title: string; readonly level: number; readonly items: Item[] };

type Reading = {
  readonly criteria: Map<string, Criterion & { line: number }>;
  readonly duplicates: { id: string; line: number; first: number }[];
  readonly headingOf: HeadingReader;
  block: Block | null;
  /** The last heading, for criteria that have their whole id and no requirement around. */
  heading: string;
  /** Below a line that says that criteria follow. */
  inside: boolean;
  /** What lines further in continue. */
  open: Item | null;
};

const ITEM =
  /^(?:[-*+][ \t]+)?(?:\*\*)?(?:(?<major>\d+)\.)?(?<minor>\d+)[.):．]?(?:\*\*)?[.):．]?[ \t]+(?<text>\S.*)$/u;
const BULLET = /^[-*+][ \t]+(?:\[[^\]]{0,2}\][ \t]*)?(?<text>\S.*)$/u;
const EARS = /^\**(?:WHEN|IF|WHILE|WHERE|THE)\b/u;

const addCriterion = (to: Reading, id: string, title: string, { text, line }: Item): void => {
  const first = to.criteria.get(id)?.line;
  if (first === undefined) to.criteria.set(id, { title, text, line });
  else to.duplicates.push({ id, line, first });
};

/** Ends a list. Markdown lets every item be written `1.`: such a list is counted as it is shown. */
const endList = (to: Reading): void => {
  const { block } = to;
  to.open = null;
  if (!block) return;
  const { items, id, title } = block;
  const isLazy = items.every((item) => item.major === undefined && item.minor === '1');
  for (const [index, item] of items.entries()) {
    const minor = isLazy ? index + 1 : item.minor;
    addCriterion(to, item.major === undefined ? `${id}.${minor}` : `${item.major}.${item.minor}`, title, item);
  }
  items.length = 0;
};

const addHeading = (to: Reading, line: number, { level, title }: { level: number; title: string }): void => {
  endList(to);
  to.heading = title;
  const found = to.headingOf(title);
  to.inside = !found && isCriteriaHeading(title);
  // Whatever stands beside a requirement or above it ends it.
  if (!found && !to.inside && to.block && level <= to.block.level) to.block = null;
  if (!found) return;
  const [major, minor, ...more] = found.id.split('.');
  if (minor === undefined || more.length > 0) to.block = { ...found, level, items: [] };
  else {
    // `REQ-1.2: Title` is a criterion itself, and what follows explains it.
    to.open = { line, major, minor, text: found.title, isHeading: true };
    to.block = { id: major!, title: to.block?.title ?? '', level: Math.max(1, level - 1), items: [to.open] };
  }
};

const itemIn = (to: Reading, content: string, line: SpecLine): Item | undefined => {
  const found = ITEM.exec(content)?.groups;
  const text = found?.['text'] ?? '';
  if (found && (to.inside || EARS.test(text)))
    return { line: line.line, major: found['major'], minor: found['minor']!, text };
  const bullet = to.inside && line.indent === 0 ? BULLET.exec(content)?.groups?.['text'] : undefined;
  if (bullet === undefined) return undefined;
  return { line: line.line, major: undefined, minor: String((to.block?.items.length ?? 0) + 1), text: bullet };
};

const addContent = (to: Reading, line: SpecLine, content: string): void => {
  const item = itemIn(to, content, line);
  if (item && to.block) {
    to.block.items.push(item);
    to.open = item;
  } else if (item && item.major !== undefined) {
    addCriterion(to, `${item.major}.${item.minor}`, to.heading, item);
    to.open = null;
  } else if (to.open?.isHeading) to.open.text = `${to.open.text}; ${content.replace(/^[-*+][ \t]+/u, '')}`;
  else if (to.open && line.indent > 0) to.open.text = `${to.open.text} ${content}`;
};

const addLine = (to: Reading, line: SpecLine): void => {
  const content = line.kind === 'text' ? line.text.trim() : '';
  if (content === '') {
    if (!to.open?.isHeading) to.open = null;
    return;
  }
  const heading = readHeading(line);
  if (heading) addHeading(to, line.line, heading);
  else if (/^[*_]*[^.!?]{0,60}[:：*_]+$/u.test(content) && isCriteriaHeading(content)) {
    endList(to);
    to.inside = true;
  } else addContent(to, line, content);
};

/** The acceptance criteria of a Kiro `requirements.md` or `bugfix.md` by id: number of the requirement, dot, number in its list. */
export const readRequirements = (text: string): Requirements => {
  const lines = linesOf(text);
  const to: Reading = {
    criteria: new Map(),
    duplicates: [],
    headingOf: headingReader(lines.flatMap((line) => readHeading(line)?.title ?? [])),
    block: null,
    heading: '',
    inside: false,
    open: null,
  };
  for (const line of lines) addLine(to, line);
  endList(to);
  return { criteria: to.criteria, duplicates: to.duplicates };
};

/** An id as it is compared: `DR-1.1` and `dr1.1` are one. */
const plainId = (id: string): string => id.toUpperCase().replaceAll('-', '');

/** Finds the criteria that an id means: the one that has it, or all of the requirement that has it. */
export const criteriaFinder = (criteria: ReadonlyMap<string, Criterion>): ((id: string) => readonly string[]) => {
  const byId = new Map<string, string[]>();
  const add = (key: string, id: string): void => {
    const ids = byId.get(key);
    if (ids) ids.push(id);
    else byId.set(key, [id]);
  };
  for (const id of criteria.keys()) {
    const plain = plainId(id);
    add(plain, id);
    if (plain.includes('.')) add(plain.slice(0, plain.indexOf('.')), id);
  }
  return (id) => byId.get(plainId(id)) ?? [];
};

/** The criteria alone; of two with the same id the first counts. */
export const parseRequirements = (text: string): Map<string, Criterion> =>
  new Map([...readRequirements(text).criteria].map(([id, { title, text: said }]) => [id, { title, text: said }]));
