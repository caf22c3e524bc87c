import { linesOf } from './spec-lines.ts';

/** One acceptance criterion. `title` is the title of its requirement. */
export type Criterion = { readonly title: string; readonly text: string };

const REQUIREMENT =
  /^#{1,6}[ \t]+(?:(?:Requirement|Req\.?|R)[ \t]*)?(?<number>\d+)[.:)]?(?:[ \t]*[-–—:])?(?:[ \t]+(?<title>.*))?$/iu;
const HEADING = /^#{1,6}[ \t]/u;
const ITEM = /^(?:[-*+][ \t]+)?(?:\*\*)?(?:(?<major>\d+)\.)?(?<minor>\d+)[.):]?(?:\*\*)?[.):]?[ \t]+(?<text>\S.*)$/u;

/** The acceptance criteria of a Kiro `requirements.md` by id: number of the requirement, dot, number in its list. */
export const parseRequirements = (text: string): Map<string, Criterion> => {
  const criteria = new Map<string, Criterion>();
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
      if (!criteria.has(id)) criteria.set(id, { title: requirement.title, text: item['text']! });
      open = id;
    } else if (open !== undefined && line.indent > 0) {
      const before = criteria.get(open)!;
      criteria.set(open, { ...before, text: `${before.text} ${content}` });
    }
  }
  return criteria;
};
