/** Where a string or a comment of JSON ends that begins at an offset; undefined where neither begins there. */
const endOfOpaque = (text: string, at: number): number | undefined => {
  const two = text.slice(at, at + 2);
  if (two === '//' || two === '/*') {
    const [close, length] = two === '//' ? ['\n', 1] : ['*/', 2];
    const end = text.indexOf(close, at + 2);
    return end < 0 ? text.length : end + length;
  }
  if (text[at] !== '"') return undefined;
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end + 1;
};

/**
 * Where a text of JSON, with or without comments, is nested deeper than `deepest`; undefined where it is not. Whoever reads
 * such a text by calling itself runs out of its stack.
 */
export const tooDeepAt = (text: string, deepest: number): number | undefined => {
  let depth = 0;
  for (let at = 0; at < text.length; ) {
    const end = endOfOpaque(text, at);
    if (end === undefined) {
      if (text[at] === '[' || text[at] === '{') depth += 1;
      else if (text[at] === ']' || text[at] === '}') depth -= 1;
      if (depth > deepest) return at;
    }
    at = end ?? at + 1;
  }
  return undefined;
};
