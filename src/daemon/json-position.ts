const SPACE = /[ \t\r\n]*/uy;
const TOKEN =
  /[[\]{}:,]|"(?:[^"\\\u0000-\u001F]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/uy;

type Token = { readonly text: string; readonly at: number };

/** Tokens from the start; the last one is empty where the text ends or is none of JSON. */
const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = [];
  for (let at = 0; ; ) {
    SPACE.lastIndex = at;
    at += SPACE.exec(text)![0].length;
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text)?.[0] ?? '';
    tokens.push({ text: found, at });
    if (found === '') return tokens;
    at += found.length;
  }
};

/** What may come next: a value, a value or the end of its list, a key, a key or the end, a colon, or what parts values. */
type Wanted = 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'separator';

const afterSeparator = (text: string, stack: string[]): Wanted | undefined => {
  const inside = stack.at(-1);
  if (text === ',' && inside !== undefined) return inside === '{' ? 'key' : 'value';
  if (text !== (inside === '{' ? '}' : ']') || inside === undefined) return undefined;
  stack.pop();
  return 'separator';
};

const next = (text: string, wanted: Wanted, stack: string[]): Wanted | undefined => {
  if (wanted === 'separator' || (wanted === 'first-value' && text === ']') || (wanted === 'first-key' && text === '}'))
    return afterSeparator(text, stack);
  if (wanted === 'colon') return text === ':' ? 'value' : undefined;
  if (wanted === 'key' || wanted === 'first-key') return text.startsWith('"') ? 'colon' : undefined;
  if (text === '{' || text === '[') {
    stack.push(text);
    return text === '{' ? 'first-key' : 'first-value';
  }
  return /^[\]}:,]?$/u.test(text) ? undefined : 'separator';
};

/** The line, counted from 1, in which a text stops being JSON. What the engine says about it names none. */
export const brokenLine = (text: string): number => {
  const stack: string[] = [];
  let wanted: Wanted | undefined = 'value';
  const broken = tokensOf(text).find((token) => {
    wanted = next(token.text, wanted!, stack);
    return wanted === undefined;
  });
  const until = broken?.at ?? text.length;
  // A text that ends too early is broken where its last words stand.
  return (until === text.length ? text.trimEnd() : text.slice(0, until)).split('\n').length;
};
