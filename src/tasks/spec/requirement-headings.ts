/** A heading that begins a requirement, or with a dotted number one of its criteria. */
type RequirementHeading = { readonly id: string; readonly title: string };

const SHAPE =
  /^(?<words>\p{L}[\p{L} _-]*?)??[ \t]*-?(?<number>\d+(?:\.\d+)*)(?![\p{L}\d])[.:)：）]?(?:[ \t]*[-–—:：])?(?:[ \t]+(?<title>.*)|(?<close>\S.*)?)$/u;
const REQUIREMENT =
  /^(?:requirements?|reqs?|r|要件|要求|需求|요구사항|요구 사항|requisitos?|requerimientos?|anforderung(?:en)?|exigences?|требовани[ея]|krav|wymagani[ea])$/iu;
const CRITERIA =
  /acceptance criteria|criterios? de acept|critérios? de aceita|criteri di accett|critères? d.accept|akzeptanzkriteri|критери[ий] при[её]м|受け?入れ?(?:基準|条件)|验收|驗收|接受(?:标准|標準)|인수 ?(?:조건|기준)|수락 ?기준/iu;
const CAPITALS = /^[A-Z]{1,8}(?:-[A-Z]{1,8})*$/u;

/** Whether a heading, or a line in bold, says that the criteria follow. */
export const isCriteriaHeading = (text: string): boolean => CRITERIA.test(text);

const shapeOf = (text: string): { words: string; number: string; title: string; joint: string } | undefined => {
  const plain = text.replace(/^[*_\s]+|[*_\s]+$/gu, '');
  const { words = '', number, title, close } = SHAPE.exec(plain)?.groups ?? {};
  if (number === undefined) return undefined;
  const joint = plain.slice(words.length, plain.indexOf(number, words.length)).includes('-') ? '-' : '';
  return { words: words.trim(), number, title: (title ?? close ?? '').trim(), joint };
};

/** `Derived Requirement` → `DR`: such requirements have letters before their numbers. */
const initials = (words: string): string =>
  words
    .split(/[ _-]+/u)
    .map((word) => word[0]!.toUpperCase())
    .join('');

/** What stands before the number of a requirement in its ids; undefined when the heading is about something else. */
const prefixOf = (words: string, joint: string, own: string | undefined): string | undefined => {
  if (isCriteriaHeading(words)) return undefined;
  if (words === '' || words === own || REQUIREMENT.test(words)) return '';
  if (CAPITALS.test(words)) return `${words}${joint}`;
  const last = words.split(/[ _-]+/u).at(-1)!;
  return REQUIREMENT.test(last) && last !== words ? initials(words) : undefined;
};

export type HeadingReader = (text: string) => RequirementHeading | undefined;

/**
 * Reads headings as requirements: `Requirement 1: Title`, `要件1`, `DR-2`, `REQ-1.1`. Where none is called so, those that
 * begin with the commonest word before a number are taken, whatever language it is of.
 */
export const headingReader = (headings: readonly string[]): HeadingReader => {
  const shapes = headings.flatMap((text) => shapeOf(text) ?? []);
  const isKnown = shapes.some(({ words, joint }) => prefixOf(words, joint, undefined) !== undefined);
  const counts = new Map([...Map.groupBy(shapes, ({ words }) => words)].map(([words, all]) => [words, all.length]));
  const [commonest] = isKnown ? [] : [...counts].toSorted((a, b) => b[1] - a[1]);
  return (text) => {
    const shape = shapeOf(text);
    if (!shape) return undefined;
    const prefix = prefixOf(shape.words, shape.joint, commonest?.[0]);
    return prefix === undefined ? undefined : { id: `${prefix}${shape.number}`, title: shape.title };
  };
};
