import { finishedText } from '../../attention/attention.ts';
import { leftText, leftTextInFull } from '../../attention/outlook.ts';
import { shownLine } from '../../lib/text.ts';
import { paneInstances } from '../model/instance-list.ts';
import { spentText } from '../../text/cost-rows.ts';
import { batchProgress, batchUnderWay } from '../../text/batch-progress.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { INSTANCE_MARKS, STATE_ORDER } from '../model/state-marks.ts';
import { queuedOf, upNext } from '../model/up-next.ts';
import { doneCount, doneText } from '../../tasks/done-count.ts';
import { groupTasks } from '../../tasks/task-groups.ts';
import { bar } from '../widgets/bar.ts';
import { type Piece, spread, widthOf } from '../widgets/pieces.ts';
import { type Panel, shownRect } from './panel.ts';

type Pieces = readonly Piece[];
type Props = { readonly left: readonly Piece[]; readonly right: readonly Piece[]; readonly width: number };

const BAR = 10;

/** How many agents are in each state, also of those that a filter hides; by name, since tasks wait and fail as well. */
const countPieces = ({ state }: ScreenModel): readonly Piece[] => {
  const instances = paneInstances(state.instances);
  const label: Piece = { text: 'agents ', dim: true };
  const counts = STATE_ORDER.flatMap((kind) => {
    const count = instances.filter((instance) => instance.state.kind === kind).length;
    const { glyph, word, style } = INSTANCE_MARKS[kind];
    return count === 0 ? [] : [{ ...style, text: `${glyph} ${count} ${word}` }, { text: '  ' }];
  });
  return counts.length === 0 ? [] : [label, ...counts];
};

/** How long the work under way still takes, what it has cost, how much starts by itself, or when it is assigned, and which task comes next. */
const outlookPieces = (
  model: ScreenModel,
  { isWhole, withQueue }: { isWhole: boolean; withQueue: boolean },
): Pieces => {
  const { outlook, state } = model;
  const next = upNext(model);
  const { begins, toAssign } = queuedOf(model);
  const left = isWhole ? leftTextInFull(outlook) : leftText(outlook);
  const spent = spentText(state.usage.swarm);
  const parts = [
    ...(left === '' ? [] : [left]),
    ...(spent === '' ? [] : [spent]),
    ...(withQueue && begins.length > 0 ? [`${begins.length} queued`] : []),
    ...(withQueue && toAssign.length > 0 ? [`${toAssign.length} to assign`] : []),
    ...(next ? [`next ${shownLine(next.id)}`] : []),
  ];
  return parts.length === 0 ? [] : [{ text: `${parts.join(' · ')}   `, dim: true }];
};

type Progress = Readonly<Record<'full' | 'far' | 'short' | 'least', Pieces>>;

/**
 * How many tasks are done, of how many, from the longest way to say it to the shortest. What no check has looked at is counted
 * apart, however little room there is: it nowhere passes for more.
 */
const progressPieces = ({ state }: ScreenModel): Progress => {
  const all = doneCount(groupTasks(state));
  const { done, total, unchecked } = all;
  if (total === 0) return { full: [], far: [], short: [], least: [] };
  const label: Piece = { text: 'tasks ', dim: true };
  const counted = doneText(all);
  const count: Piece = { text: `${counted}   ` };
  const checked = unchecked === 0 ? `${done}/${total}` : `${done - unchecked}/${total} checked`;
  return {
    full: [label, { text: `${bar(done, total, BAR)} `, color: 'green' }, count],
    far: [label, count],
    short: [{ text: `${counted}  ` }],
    least: [{ text: `${checked}  ` }],
  };
};

const daemonPiece = ({ connected, silentSince, state, now, attention }: ScreenModel): Piece => {
  if (!connected && !state.swarm.daemon)
    return { text: '○ daemon stopped: a command starts it again ', color: 'yellow' };
  if (!connected) return { text: '✖ no connection: this is how it was ', color: 'red', bold: true };
  if (silentSince !== null) {
    const seconds = Math.max(1, Math.round((now - silentSince) / 1000));
    return { text: `○ daemon silent for ${seconds} s: this is how it was `, color: 'yellow', bold: true };
  }
  if (attention.barred) return { text: '! you may only look ', color: 'yellow', bold: true };
  return state.swarm.daemon ? { text: '● daemon ', color: 'green' } : { text: '○ daemon stops ', color: 'yellow' };
};

/** How much waits for a person: the one number that somebody who looks up should see. */
const needingPieces = ({ attention: { needs } }: ScreenModel): readonly Piece[] => {
  if (needs.length === 0) return [];
  const text = needs.length === 1 ? ' 1 needs you ' : ` ${needs.length} need you `;
  return [{ text, color: 'yellow', bold: true, inverse: true }, { text: '  ' }];
};

/** How far the merge that runs is, else finished work that waits: nothing stands still for it, so it is said calmly. */
const mergePieces = ({ attention, state, now }: ScreenModel, length: 'long' | 'short'): readonly Piece[] => {
  const batch = batchUnderWay(state.batches);
  if (batch) {
    const [long, short] = batchProgress(batch, now);
    return [{ text: `⇄ ${length === 'long' ? long : short}`, color: 'cyan', bold: true }, { text: '  ' }];
  }
  const text = finishedText(attention);
  return text === '' ? [] : [{ text: `✔ ${text}`, color: 'cyan' }, { text: '  ' }];
};

/** The header from its fullest form to its tersest; the states of the agents stay longest. */
const variants = (model: ScreenModel): readonly Omit<Props, 'width'>[] => {
  const agents = countPieces(model);
  const name = { text: ' ◆ drover ', bold: true };
  const where = { text: ` ${shownLine(model.repository)}   `, dim: true };
  const needing = needingPieces(model);
  const health = [...needing, ...mergePieces(model, 'long'), ...agents];
  const terse = [...needing, ...mergePieces(model, 'short'), ...agents];
  const end = daemonPiece(model);
  // That the daemon is well needs no word; that it is not stays whole.
  const sign: Piece = end.color === 'green' ? { ...end, text: '● ' } : end;
  const { full, far, short, least } = progressPieces(model);
  const ahead = outlookPieces(model, { isWhole: true, withQueue: true });
  const known = outlookPieces(model, { isWhole: true, withQueue: false });
  const next = outlookPieces(model, { isWhole: false, withQueue: false });
  return [
    { left: [name, where, ...health], right: [...full, ...ahead, end] },
    { left: [name, where, ...health], right: [...full, ...known, end] },
    { left: [name, where, ...health], right: [...full, ...next, end] },
    { left: [name, where, ...health], right: [...far, ...next, end] },
    { left: [name, { text: ' ' }, ...health], right: [...far, ...next, end] },
    { left: [name, where, ...health], right: [...full, end] },
    { left: [name, where, ...health], right: [...far, end] },
    { left: [name, { text: ' ' }, ...health], right: [...far, end] },
    { left: [{ text: ' ◆ ', bold: true }, ...health], right: [...far, end] },
    { left: [{ text: ' ◆ ', bold: true }, ...terse], right: [...far, end] },
    { left: [{ text: ' ◆ ', bold: true }, ...needing, ...agents], right: [...far, end] },
    { left: [{ text: ' ◆ ', bold: true }, ...health], right: [...short, end] },
    { left: [{ text: ' ◆ ', bold: true }, ...terse], right: [...short, end] },
    { left: [{ text: ' ◆ ', bold: true }, ...needing, ...agents], right: [...short, end] },
    { left: [{ text: ' ◆ ', bold: true }, ...needing, ...agents], right: [...short, sign] },
    { left: [{ text: ' ◆ ', bold: true }, ...needing, ...agents], right: [...least, end] },
    { left: [{ text: ' ◆ ', bold: true }, ...needing, ...agents], right: [...least, sign] },
    { left: [{ text: ' ' }, ...needing, ...agents], right: [...least, sign] },
    { left: [{ text: ' ' }, ...needing, ...agents.slice(1)], right: [...least, sign] },
    { left: [{ text: ' ' }, ...needing, ...agents.slice(1)], right: [end] },
  ];
};

/** The name of the repository, the states of the agents, the progress of the tasks and the daemon. */
export const headerPanel: Panel<Props> = {
  id: 'header',
  z: 1,
  rect: ({ layout }) => shownRect(layout.header),
  select: (model, { width }) => {
    const all = variants(model);
    const fits = all.find(({ left, right }) => widthOf(left) + widthOf(right) < width);
    return { width, ...(fits ?? all.at(-1)!) };
  },
  lines: ({ left, right, width }) => [spread(left, right, width)],
};
