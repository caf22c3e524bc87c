import { type MaySay, mayAll } from '../../../src/attention/attention.ts';
import type { Identity } from '../../../src/protocol/frame.ts';
import { parse } from '../../../src/protocol/parse.ts';
import { type Guarded, lackedFor, loweredTo } from '../../../src/protocol/permission.ts';
import type { Role } from '../../../src/protocol/signature.ts';
import type { LanguageAnswer } from '../../../src/web/wire.ts';

/** What hangs on who looks at the page. */
export type Reader = Pick<Identity, 'role' | 'doubt'>;

/** Who looks at the page: what they may do by what let them in, and never more than the daemon lets the server do. */
export const readerOf = (role: Role, server: Identity | null): Reader => (server ? loweredTo(server, role) : { role });

/** What is not understood takes the least role that changes anything. */
const UNKNOWN = { role: 'operator', reads: false } as const satisfies Guarded;

/** What a line says of the language, and with which modifiers. */
const readLine = (line: string, language: LanguageAnswer | null): readonly [Guarded, readonly string[]] => {
  const read = language && parse(line.replaceAll('…', 'x'), language);
  if (!read?.ok) return [UNKNOWN, []];
  const { verb, noun, modifiers } = read.meaning;
  const command = language?.commands.find((one) => one.verb === verb && one.noun === noun);
  return [command ?? UNKNOWN, modifiers];
};

/** Why somebody may not say a line, for the role they have; null when they may. */
export const lackOf = (line: string, reader: Reader, language: LanguageAnswer | null): string | null => {
  const lacks = lackedFor(reader, ...readLine(line, language));
  return lacks === null ? null : `${lacks} Yours is ${reader.role}.`;
};

const MOST_LINES = 500;

/** Whether a line is proposed to somebody: any, as long as the language is not known. */
export const maySayOf = (reader: Reader, language: LanguageAnswer | null): MaySay => {
  if (language === null) return mayAll;
  const lines = new Map<string, boolean>();
  return (line) => {
    if (lines.size > MOST_LINES) lines.clear();
    const may = lines.get(line) ?? lackOf(line, reader, language) === null;
    lines.set(line, may);
    return may;
  };
};
