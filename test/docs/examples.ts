import { readFileSync } from 'node:fs';

/** One line of a fenced example, or several that a here-document joins. */
export type Example = {
  readonly line: number;
  readonly text: string;
  /** Exit codes that the document says it may have. */
  readonly exits: readonly number[];
  /** How to leave it, where it runs until somebody does. */
  readonly leave: string | undefined;
};

const FENCE = /^```sh(?<interactive> interactive)?\n(?<body>.*?)^```$/gmsu;
const EXIT = /\s# exit (?<codes>\d+(?: or \d+)*)$/u;
const LEAVE = /\s# (?<key>\S.*)$/u;
const HERE = /<<'?(?<end>[A-Z]+)'?$/u;

const joined = (lines: readonly string[]): { at: number; text: string }[] => {
  const found: { at: number; text: string }[] = [];
  let end: string | undefined;
  for (const [at, line] of lines.entries()) {
    const last = found.at(-1);
    if (last && (end !== undefined || last.text.endsWith('\\'))) last.text += `\n${line}`;
    else found.push({ at, text: line });
    if (end === undefined) end = HERE.exec(line)?.groups?.['end'];
    else if (line === end) end = undefined;
  }
  return found.filter(({ text }) => text.trim() !== '' && !text.startsWith('#'));
};

/** The examples of a document that run drover, in their order, with all that stands beside them in the same fence. */
export const examplesOf = (file: string): readonly Example[] => {
  const document = readFileSync(file, 'utf8');
  return [...document.matchAll(FENCE)].flatMap((match): Example[] => {
    const { interactive, body = '' } = match.groups!;
    if (!/\bdrover\b/u.test(body.replace(/#.*$/gmu, '').replace(/^npm .*$/gmu, ''))) return [];
    const first = document.slice(0, match.index).split('\n').length + 1;
    return joined(body.split('\n')).map(({ at, text }) => ({
      line: first + at,
      text: text.replace(interactive === undefined ? EXIT : LEAVE, '').trimEnd(),
      exits: EXIT.exec(text)?.groups?.['codes']?.split(' or ').map(Number) ?? [0],
      leave: interactive === undefined ? undefined : LEAVE.exec(text)?.groups?.['key'],
    }));
  });
};
