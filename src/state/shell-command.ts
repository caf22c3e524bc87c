/** Redirections that may stand behind a command without changing what it does to files. */
const HARMLESS = /^\d?>&\d(?=[\s;&|)]|$)|^(?:\d|&)?>{1,2}\s*\/dev\/null(?=[\s;&|)]|$)/u;
const OPERATOR = /^(?:&&|\|\||\|&|[;&|\n])/u;
/** Redirections, substitutions, groups: with them nobody can say from the words what is done. */
const INVOLVED = /^(?:`|\$\(|\$'|[<>(){}])/u;

/**
 * The length of what a quote or a backslash protects at the beginning of the text; undefined where that is not simple.
 */
const quotedLength = (text: string): number | undefined => {
  if (text.startsWith('\\')) return text.length > 1 ? 2 : undefined;
  const end = text.startsWith("'") ? /^'[^']*'/u.exec(text) : /^"(?:[^"\\`$]|\\[\s\S]|\$(?!\())*"/u.exec(text);
  return end?.[0].length;
};

/** What a line goes on with: text of a command, the end of that command, or something that changes nothing. */
type Piece = { readonly kind: 'text' | 'end' | 'harmless'; readonly length: number };

/** The piece that the rest of a line begins with, behind what is read of the command; undefined where it is involved. */
const firstPiece = (rest: string, command: string): Piece | undefined => {
  const harmless = HARMLESS.exec(rest)?.[0].length;
  if (harmless !== undefined && (command === '' || /\s$/u.test(command))) return { kind: 'harmless', length: harmless };
  const operator = OPERATOR.exec(rest)?.[0].length;
  if (operator !== undefined) return { kind: 'end', length: operator };
  if (INVOLVED.test(rest)) return undefined;
  const length = /^['"\\]/u.test(rest) ? quotedLength(rest) : 1;
  return length === undefined ? undefined : { kind: 'text', length };
};

/**
 * The simple commands that a line for a shell consists of. Empty when it does more than to run them one after the
 * other, or when that cannot be told for sure: then a person has to look at it.
 */
export const commandsIn = (line: string): readonly string[] => {
  const commands: string[] = [];
  let command = '';
  for (let at = 0; at < line.length; ) {
    const rest = line.slice(at);
    const piece = firstPiece(rest, command);
    if (!piece) return [];
    if (piece.kind === 'text') command += rest.slice(0, piece.length);
    if (piece.kind === 'end') {
      commands.push(command);
      command = '';
    }
    at += piece.length;
  }
  return [...commands, command].map((one) => one.trim()).filter((one) => one !== '');
};

/** Words before a command that run it all the same. */
const BEFORE =
  /^\s*(?:[A-Za-z_]\w*=(?:'[^']*'|"[^"]*"|\S*)\s+|(?:sudo|env|command|exec|nohup|time|nice|xargs)(?:\s+-\S+)*\s+)/u;

const withoutBefore = (command: string): string => {
  const rest = command.replace(BEFORE, '');
  return rest === command ? command : withoutBefore(rest);
};

/** Everything in a line that could be a command, wherever it stands: for rules that forbid one. */
export const loosely = (line: string): readonly string[] =>
  line
    .split(/[;&|\n`(){}]+/u)
    .map((one) => one.trim().replace(/\$$/u, '').trim())
    .flatMap((one) => [one, withoutBefore(one)])
    .filter((one) => one !== '');
