import stringWidth from 'string-width';
import { counted } from '../../lib/names.ts';
import { shownLine } from '../../lib/text.ts';
import { AREAS, type Area, areaOf, type DoctorReport, type Severity } from './finding.ts';
import type { Fixed } from './fix.ts';

type Word = Severity | 'fixed';

const COLOURS: Readonly<Record<Word, string>> = { error: '31', warning: '33', note: '36', ok: '32', fixed: '32' };
const GLYPHS: Readonly<Record<Word, string>> = { error: '✖', warning: '▲', note: '•', ok: '✔', fixed: '✔' };
const PLAIN: Readonly<Record<Word, string>> = { error: 'x', warning: '!', note: '-', ok: '+', fixed: '+' };

const wordOf = ({ severity, fixed }: Fixed): Word => (fixed ? 'fixed' : severity);

/** The document for scripts. */
export const reportOf = (findings: readonly Fixed[]): DoctorReport => {
  const count = (word: Word): number => findings.filter((finding) => wordOf(finding) === word).length;
  const counts = { error: count('error'), warning: count('warning'), note: count('note'), fixed: count('fixed') };
  return {
    healthy: counts.error === 0,
    counts,
    findings: findings.map((finding) => ({
      id: finding.id,
      area: areaOf(finding),
      severity: finding.severity,
      name: finding.name,
      cause: shownLine(finding.cause),
      repair: finding.repair ?? null,
      fixable: finding.fix !== undefined,
      fixed: finding.fixed,
    })),
  };
};

/** Words in lines of at most so many columns; a word that is longer has a line of its own. */
const wrapText = (text: string, columns: number): string[] => {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && stringWidth(`${last} ${word}`) <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
};

/** How it is drawn: `glyphs` is false where the locale has only ASCII. */
type Drawing = { readonly columns: number; readonly color: boolean; readonly glyphs: boolean };

const INDENT = 13;

/** A finding in lines. A command is never broken: what is copied from the screen has to work. */
const linesOf = (finding: Fixed, { columns, color, glyphs }: Drawing): string[] => {
  const word = wordOf(finding);
  const mark = `${(glyphs ? GLYPHS : PLAIN)[word]} ${word.padEnd(8)}`;
  const head = `  ${color ? `\u001B[${COLOURS[word]}m${mark}\u001B[0m` : mark} `;
  const room = Math.max(20, columns - INDENT);
  const text = `${finding.name}: ${shownLine(finding.cause)}`;
  const wanted = finding.repair !== undefined && !finding.fixed;
  const repair = wanted ? `— ${finding.label ?? 'repair with'}: ${shownLine(finding.repair ?? '')}` : '';
  const whole = repair === '' ? text : `${text} ${repair}`;
  const lines = stringWidth(whole) <= room ? [whole] : [...wrapText(text, room), ...(repair === '' ? [] : [repair])];
  return lines.map((line, i) => (i === 0 ? head + line : ' '.repeat(INDENT) + line));
};

const summary = ({ counts, findings }: DoctorReport): string => {
  const { error, warning, note, fixed } = counts;
  const parts = [
    ...(fixed > 0 ? [`${fixed} repaired`] : []),
    ...(error > 0 ? [counted(error, 'error')] : []),
    ...(warning > 0 ? [counted(warning, 'warning')] : []),
    ...(note > 0 ? [counted(note, 'note')] : []),
  ];
  const left = findings.filter((finding) => finding.fixable && !finding.fixed).length;
  const hint = left > 0 && fixed === 0 ? ` "drover doctor --fix" repairs ${left} of them.` : '';
  return parts.length === 0 ? 'All is well.' : `${parts.join(', ')}.${hint}`;
};

/** The findings as text, by area; `quiet` leaves out what is well. */
export const drawReport = (findings: readonly Fixed[], drawing: Drawing, quiet: boolean): string => {
  const shown = findings.filter((finding) => !quiet || finding.severity !== 'ok');
  const areas = Object.keys(AREAS) as Area[];
  const blocks = [...new Set(Object.values(AREAS))].flatMap((title) => {
    const inside = areas.filter((area) => AREAS[area] === title);
    const lines = inside
      .flatMap((area) => shown.filter((finding) => areaOf(finding) === area))
      .flatMap((finding) => linesOf(finding, drawing));
    return lines.length === 0 ? [] : [[title, ...lines].join('\n')];
  });
  const end = quiet && blocks.length === 0 ? [] : [summary(reportOf(findings))];
  return [...blocks, ...end].join('\n\n');
};
