import { ageOf } from '../../../src/tui/model/relative-times.ts';
import { INSTANCE_MARKS, stateWord } from '../../../src/tui/model/state-marks.ts';
import type { Style } from '../../../src/tui/widgets/paint.ts';
import type { Instance, StateMark } from '../../../src/state/instances.ts';
import { sandboxMark } from '../../../src/text/instance-rows.ts';

/** The class of a style of the screen: its colours are the same names. */
export const classOf = ({ color, bold, dim }: Style): string =>
  [color && !color.startsWith('#') ? color : '', bold ? 'strong' : '', dim ? 'dim' : ''].filter(Boolean).join(' ');

const SOURCE_WORDS: Readonly<Record<StateMark['source'], string>> = {
  command: 'by a command',
  hook: 'told by its hook',
  register: 'told by its own file',
  report: 'reported by the agent',
  terminal: 'seen at its terminal',
  drover: 'known by Drover',
  screen: 'guessed from its screen',
};

/** A state with its sign, since when, and who says so. */
export const StateMarkText = ({ mark, now }: { readonly mark: StateMark; readonly now: number }) => {
  const { glyph, style } = INSTANCE_MARKS[mark.kind];
  return (
    <span className={`state ${classOf(style)}`} data-state={mark.kind} title={SOURCE_WORDS[mark.source]}>
      <span aria-hidden="true">{glyph} </span>
      <span className="state-word">{stateWord(mark)}</span>
      <span className="state-age numbers"> {ageOf(mark.since, now)}</span>
    </span>
  );
};

/** In which sandbox an agent is, or that it has none that it was to have. */
export const SandboxMarkText = ({ instance }: { readonly instance: Pick<Instance, 'sandbox'> }) => {
  const mark = sandboxMark(instance);
  if (!mark) return null;
  const told = mark.isMissing ? 'it was to be in a sandbox, and is in none' : `in a sandbox (${mark.word})`;
  return (
    <span className={`soft sandbox ${mark.isMissing ? 'yellow' : ''}`} data-sandbox={mark.word} title={told}>
      <span aria-hidden="true">{mark.glyph} </span>
      {mark.word}
    </span>
  );
};

/** How far something is, drawn and told. */
export const Progress = ({
  value,
  label,
  className = '',
}: {
  readonly value: number;
  readonly label: string;
  readonly className?: string;
}) => <progress className={`progress ${className}`} max={100} value={Math.round(value)} aria-label={label} />;
