import { getNodeValue, type Node, type ParseError, parseTree } from 'jsonc-parser';
import { tooDeepAt } from '../../lib/nesting.ts';
import type { Mistake } from '../items/item.ts';

export type JsonNode = Node;

/** Nobody writes plans deeper than this, and the parser must not run out of its stack. */
const DEEPEST = 200;

/** Tells in which line, counted from 1, a place of a text lies. */
export const lineFinder = (text: string): ((at: number) => number) => {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (at) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= at) low = middle;
      else high = middle;
    }
    return low + 1;
  };
};

/** The value that a text is, with the place of each piece; or where it is no JSON. */
export const readJsonTree = (
  text: string,
): { root: JsonNode } | { mistake: Omit<Mistake, 'line'> & { at: number } } => {
  const deep = tooDeepAt(text, DEEPEST);
  if (deep !== undefined)
    return { mistake: { at: deep, message: 'its brackets stand too deep in each other', fix: 'Correct it.' } };
  const errors: ParseError[] = [];
  // A byte order mark is no JSON; a blank in its place leaves everything where it is.
  const root = parseTree(text.replace(/^\uFEFF/u, ' '), errors, { disallowComments: true });
  const [error] = errors;
  if (root && !error) return { root };
  const fix = 'Correct it; a comma or a quote is missing, or too many.';
  return { mistake: { at: error?.offset ?? 0, message: 'this is not JSON', fix } };
};

/** The value of a field, with its place; of one that is said twice the last counts, as for every reader of JSON. */
export const fieldIn = (node: JsonNode, name: string): JsonNode | undefined =>
  node.type === 'object'
    ? node.children?.findLast(({ children }) => children?.[0]?.value === name)?.children?.[1]
    : undefined;

/** Names and values of an object. */
export const fieldsOf = (node: JsonNode): readonly (readonly [string, JsonNode])[] =>
  node.type === 'object'
    ? (node.children ?? []).flatMap(({ children }) => {
        const [key, value] = children ?? [];
        return key && value ? [[String(key.value), value] as const] : [];
      })
    : [];

/** The elements of an array; none of anything else. */
export const elementsOf = (node: JsonNode | undefined): readonly JsonNode[] =>
  node?.type === 'array' ? (node.children ?? []) : [];

/** The text of a field, without blanks around it; empty where it is no text. */
export const textIn = (node: JsonNode, name: string): string => {
  const value = fieldIn(node, name);
  return value?.type === 'string' ? String(value.value).trim() : '';
};

/** The number in a field; null where it is none. */
export const numberIn = (node: JsonNode, name: string): number | null => {
  const value = fieldIn(node, name);
  return value?.type === 'number' ? Number(value.value) : null;
};

/** The value of a piece as it is shown in a sentence. */
export const shown = (node: JsonNode): string => JSON.stringify(getNodeValue(node)) ?? '';
