import { oneLine } from '../../lib/text.ts';
import { colourLevel } from '../../tui/compositor/colour.ts';
import { openCompositor } from '../../tui/compositor/compositor.ts';
import { fdOutput } from '../../tui/compositor/output.ts';
import type { Io } from '../io.ts';
import type { HostFrame } from './guest-frames.ts';

type Screen = Extract<HostFrame, { kind: 'screen' }>;

const USUAL = { columns: 80, rows: 24 } as const;
/** Reversed, so that the line is seen not to be the agent's. */
const BAR = '\u001B[7m';

/** The first row to show where not all fit: the last written ones, and always the one with the cursor. */
const topOf = (lines: readonly string[], cursor: Screen['cursor'], height: number): number => {
  const last = Math.max(
    lines.findLastIndex((line) => line !== ''),
    cursor?.[1] ?? 0,
  );
  return Math.min(Math.max(0, last - height + 1), cursor?.[1] ?? last);
};

/**
 * The screen of somebody else's agent in this terminal, below a line of ours. What is not of cells and colours is not drawn,
 * whoever sent it; the agent's own terminal keeps its size, and what does not fit here is left out.
 */
export const openGuestView = ({ env, stdout }: Pick<Io, 'env' | 'stdout'>, bar: string) => {
  const size = () => ({ columns: stdout.columns || USUAL.columns, rows: stdout.rows || USUAL.rows });
  const compositor = openCompositor({
    output: fdOutput(1),
    size: size(),
    level: colourLevel(env),
    paced: false,
  });
  let lines: string[] = [];
  let cursor: Screen['cursor'] = null;
  let shape = '';
  const draw = (): void => {
    const height = size().rows - 1;
    const top = topOf(lines, cursor, height);
    compositor.frame('screen', lines.slice(top, top + height).join('\n'));
    const y = (cursor?.[1] ?? -1) - top;
    const isSeen = cursor !== null && y >= 0 && y < height && cursor[0] < size().columns;
    compositor.setCursor(isSeen ? { x: cursor![0], y: y + 1 } : null);
  };
  const lay = (): void => {
    const { columns, rows } = size();
    compositor.setRegion('bar', { x: 0, y: 0, width: columns, height: 1 }, 1);
    compositor.setRegion('screen', { x: 0, y: 1, width: columns, height: Math.max(0, rows - 1) }, 1);
    compositor.frame('bar', `${BAR}${oneLine(bar).padEnd(columns)}`);
    draw();
  };
  const resized = (): void => {
    compositor.resize(size());
    lay();
  };
  stdout.on('resize', resized);
  lay();
  compositor.enter();
  return {
    show: (frame: Screen): void => {
      const now = `${frame.cols}×${frame.rows}`;
      if (now !== shape) lines = new Array<string>(frame.rows).fill('');
      shape = now;
      for (const [y, text] of frame.changed) if (y < frame.rows) lines[y] = text.replaceAll('\n', ' ');
      ({ cursor } = frame);
      draw();
    },
    close: (): void => {
      stdout.off('resize', resized);
      compositor.leave();
    },
  };
};
