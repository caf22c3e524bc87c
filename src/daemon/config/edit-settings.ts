import { findNodeAtLocation, type JSONPath, type Node, parseTree, visit } from 'jsonc-parser';

/** The manner in which a text is written: what one step to the right is, and how a line ends. */
type Manner = { readonly unit: string; readonly eol: string };

const mannerOf = (text: string): Manner => ({
  unit: /^(?<unit>\t|[ ]+)\S/mu.exec(text)?.groups?.['unit'] ?? '  ',
  eol: text.includes('\r\n') ? '\r\n' : '\n',
});

const endOf = ({ offset, length }: Node): number => offset + length;

/** The blanks that the line at an offset begins with. */
const indentAt = (text: string, offset: number): string =>
  /^[ \t]*/u.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';

const splice = (text: string, from: number, to: number, into: string): string =>
  text.slice(0, from) + into + text.slice(to);

const jsonOf = (value: unknown, { unit, eol }: Manner, indent: string): string =>
  JSON.stringify(value, null, unit).replaceAll('\n', `${eol}${indent}`);

/** The text with blanks in place of comments, so that every other character stays where it was. */
export const withoutComments = (text: string): string => {
  let bare = text;
  visit(text, {
    onComment: (offset, length) => {
      const blanks = text.slice(offset, offset + length).replace(/[^\r\n]/g, ' ');
      bare = splice(bare, offset, offset + blanks.length, blanks);
    },
  });
  return bare;
};

/** Adds a property behind the others of an object, in the manner of the object: on its line, or on one of its own. */
const addProperty = (text: string, object: Node, name: string, value: unknown): string => {
  const manner = mannerOf(text);
  const close = endOf(object) - 1;
  const last = object.children?.at(-1);
  const key = JSON.stringify(name);
  if (last && !text.slice(object.offset, close).includes('\n'))
    return splice(text, endOf(last), endOf(last), `, ${key}: ${JSON.stringify(value)}`);
  const base = indentAt(text, object.offset);
  const indent = last ? indentAt(text, last.offset) : base + manner.unit;
  const begin = last ? endOf(last) : object.offset + 1;
  // What stands behind the last property, a comment say, stays behind it.
  const between = text.slice(begin, close).trimEnd();
  const property = `${manner.eol}${indent}${key}: ${jsonOf(value, manner, indent)}`;
  return splice(text, begin, close, `${last ? ',' : ''}${between}${property}${manner.eol}${base}`);
};

/** What stands behind a property on its line, which is about it. */
const REST_OF_LINE = /^[ \t]*(?:\/\/[^\r\n]*|\/\*(?:(?!\*\/)[^\r\n])*\*\/[ \t]*)?(?=\r?\n)/u;
const BLANKS = /^[ \t]*/u;

/** Takes a property out, with its comma, and with its line when nothing else is on it. */
const removeProperty = (text: string, property: Node): string => {
  const siblings = property.parent!.children!;
  const at = siblings.indexOf(property);
  const bare = withoutComments(text);
  const previous = siblings[at - 1];
  const comma = at < siblings.length - 1 ? bare.indexOf(',', endOf(property)) : -1;
  const end = comma < 0 ? endOf(property) : comma + 1;
  const line = /\r?\n[ \t]*$/u.exec(text.slice(0, property.offset))?.[0];
  const rest = line === undefined ? undefined : REST_OF_LINE.exec(text.slice(end))?.[0];
  const blanks = comma < 0 ? 0 : BLANKS.exec(text.slice(end))![0].length;
  const without =
    line !== undefined && rest !== undefined
      ? splice(text, property.offset - line.length, end + rest.length, '')
      : splice(text, property.offset, end + blanks, '');
  // The last property leaves the comma of the one before it.
  if (comma >= 0 || !previous) return without;
  const left = bare.indexOf(',', endOf(previous));
  return splice(without, left, left + 1, '');
};

const nestedValue = (path: readonly string[], value: unknown): unknown =>
  path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);

/**
 * The text with the value at a path changed, added, or with `undefined` taken out. Comments, order and the way it is
 * written stay; everything else in it stays byte for byte. The text must be an object.
 */
export const editedSettings = (text: string, path: readonly string[], value: unknown): string => {
  if (text.startsWith('\uFEFF')) return `\uFEFF${editedSettings(text.slice(1), path, value)}`;
  const tree = parseTree(text);
  const place = tree && findNodeAtLocation(tree, path as JSONPath);
  if (value === undefined) return place?.parent ? removeProperty(text, place.parent) : text;
  if (!tree) return text;
  if (place) {
    const into = jsonOf(value, mannerOf(text), indentAt(text, place.offset));
    return splice(text, place.offset, endOf(place), into);
  }
  const depth = path.findLastIndex((_, i) => findNodeAtLocation(tree, path.slice(0, i) as JSONPath)?.type === 'object');
  const object = findNodeAtLocation(tree, path.slice(0, depth) as JSONPath)!;
  return addProperty(text, object, path[depth]!, nestedValue(path.slice(depth + 1), value));
};
