import { linesOf } from './spec-lines.ts';

/** One acceptance criterion. `title` is the title of its requirement. */
export type Criterion = { readonly title: string; readonly text: string };

const REQUIREMENT =
  /^#{1,6}[ \t]+(?:(?:Requirement|Req\.?|R)[ \t]*)?(?<number>\d+)[.:)]?(?:[ \t]*[-–—:])?(?:[ \t]+(?<title>.*))?$/iu;
const HEADING = /^#{1,6}[ \t]/u;
const ITEM = /^(?:[-*+][ \t]+)?(?:\*\*)?(?:(?<major>\d+)\.)?(?<minor>\d+)[.):]?(?:\*\*)?[.):]?[ \t]+(?<text>\S.*)$/u;

export type Requirements = {
  readonly criteria: ReadonlyMap<string, Criterion & { readonly line: number }>;
  /** Criteria whose id is there already. */
  readonly duplicates: readonly { readonly id: string; readonly line: number; readonly first: number }[];
};

/** The acceptance criteria of a Kiro `requirements.md` by id: number of the requirement, dot, number in its list. */
export const readRequirements = (text: string): Requirements => {
  const criteria = new Map<string, Criterion & { line: number }>();
  const duplicates: { id: string; line: number; first: number }[] = [];
  let requirement: { number: string; title: string } | undefined;
  let inside = false;
  let open: string | undefined;
  for (const line of linesOf(text)) {
    const content = line.kind === 'text' ? line.text.trim() : '';
    if (content === '') {
      open = undefined;
      continue;
    }
    const heading = HEADING.test(content);
    const next = heading ? REQUIREMENT.exec(content)?.groups : undefined;
    if (next) requirement = { number: next['number']!, title: next['title'] ?? '' };
    if (heading || /^\W*acceptance criteria\W*$/iu.test(content)) {
      inside = /acceptance criteria/iu.test(content);
      open = undefined;
      continue;
    }
    const item = ITEM.exec(content)?.groups;
    // Without a heading for them, only sentences in EARS style are taken for criteria.
    if (requirement && item && (inside || /^\**(?:WHEN|IF|WHILE|WHERE|THE)\b/u.test(item['text']!))) {
      const id = `${item['major'] ?? requirement.number}.${item['minor']}`;
      const first = criteria.get(id)?.line;
      if (first === undefined) criteria.set(id, { title: requirement.title, text: item['text']!, line: line.line });
      else duplicates.push({ id, line: line.line, first });
      open = first === undefined ? id : undefined;
    } else if (open !== undefined && line.indent > 0) {
      const before = criteria.get(open)!;
      criteria.set(open, { ...before, text: `${before.text} ${content}` });
    }
  }
  return { criteria, duplicates };
};

/** The criteria alone; of two with the same id the first counts. */
export const parseRequirements = (text: string): Map<string, Criterion> =>
  new Map([...readRequirements(text).criteria].map(([id, { title, text: said }]) => [id, { title, text: said }]));
