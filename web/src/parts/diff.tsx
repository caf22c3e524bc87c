import { type ReactNode, useMemo, useState } from 'react';
import { shown } from '../../../src/lib/text.ts';
import { type PatchFile, type PatchLine, parsePatch } from '../../../src/text/patch.ts';
import { Words } from './text.tsx';

/** A place in a change that something can be said about. */
export type DiffPlace = { readonly file: string; readonly side: 'new' | 'old'; readonly line: number };

const SIGNS = { added: '+', removed: '−', same: ' ' } as const;
/** Files with more lines are folded until somebody asks for them. */
const MANY_LINES = 400;

const placeOf = (file: string, { kind, oldLine, newLine }: PatchLine): DiffPlace =>
  kind === 'removed' ? { file, side: 'old', line: oldLine ?? 0 } : { file, side: 'new', line: newLine ?? 0 };

export const placeKey = ({ file, side, line }: DiffPlace): string => `${file} ${side} ${line}`;

type RowProps = {
  readonly file: string;
  readonly line: PatchLine;
  readonly below: ((place: DiffPlace) => ReactNode) | undefined;
  readonly onPlace: ((place: DiffPlace) => void) | undefined;
};

const Row = ({ file, line, below, onPlace }: RowProps) => {
  const place = placeOf(file, line);
  const number = line.newLine ?? line.oldLine;
  return (
    <>
      <tr className={line.kind}>
        <td className="line-number numbers">
          {onPlace ? (
            <button type="button" aria-label={`say something to line ${place.line}`} onClick={() => onPlace(place)}>
              {number}
            </button>
          ) : (
            number
          )}
        </td>
        <td className="sign" aria-hidden="true">
          {SIGNS[line.kind]}
        </td>
        <td className="code">{shown(line.text)}</td>
      </tr>
      {below?.(place)}
    </>
  );
};

type Props = {
  readonly patch: string;
  readonly cut: boolean;
  /** What stands in the head of a file beside its name. */
  readonly beside?: (file: PatchFile) => ReactNode;
  readonly below?: (place: DiffPlace) => ReactNode;
  readonly onPlace?: (place: DiffPlace) => void;
  /** Files that are folded at first, because they were looked at. */
  readonly folded?: ReadonlySet<string>;
};

const FileDiff = ({ file, props }: { readonly file: PatchFile; readonly props: Props }) => {
  const { beside, below, onPlace, folded } = props;
  const count = file.hunks.reduce((sum, { lines }) => sum + lines.length, 0);
  const [isOpen, setOpen] = useState(!folded?.has(file.path) && count <= MANY_LINES);
  return (
    <section className="file" data-file={file.path} aria-label={shown(file.path)}>
      <header className="file-head">
        <button type="button" className="fold mono cut" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> <Words text={file.path} />
        </button>
        {file.notes.length > 0 && (
          <span className="soft cut">
            <Words text={file.notes.join(', ')} />
          </span>
        )}
        {beside?.(file)}
      </header>
      {isOpen && file.binary && <p className="soft">It is not text.</p>}
      {isOpen &&
        file.hunks.map(({ where, lines }) => (
          <div className="hunk" key={`${lines[0]?.oldLine} ${lines[0]?.newLine}`}>
            {where !== '' && (
              <p className="soft mono cut">
                @ <Words text={where} />
              </p>
            )}
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: code scrolls sideways, by the keyboard too. */}
            <section className="code-scroll" tabIndex={0} aria-label={`change of ${shown(file.path)}`}>
              <table className="code-table">
                <tbody>
                  {lines.map((line) => (
                    <Row
                      key={`${line.oldLine} ${line.newLine}`}
                      file={file.path}
                      line={line}
                      below={below}
                      onPlace={onPlace}
                    />
                  ))}
                </tbody>
              </table>
            </section>
          </div>
        ))}
    </section>
  );
};

/** A change, file by file. */
export const Diff = (props: Props) => {
  const { patch, cut } = props;
  const files = useMemo(() => parsePatch(patch), [patch]);
  return (
    <div className="diff">
      {files.map((file) => (
        <FileDiff key={file.path} file={file} props={props} />
      ))}
      {cut && <p className="soft yellow">The change is too long: its end is missing here.</p>}
    </div>
  );
};

type Counts = { readonly insertions: number | null; readonly deletions: number | null };

/** How many lines were added and taken away. */
export const DiffCounts = ({ insertions, deletions }: Counts) => (
  <span className="numbers soft counts-of-lines">
    <span className="green">+{insertions ?? '–'}</span> <span className="red">−{deletions ?? '–'}</span>
  </span>
);
