import { ancestors } from './number.ts';
import { linesOf } from './spec-lines.ts';
import { readTaskLine } from './spec-task-line.ts';

export type Ticked = { readonly text: string; readonly line: number } | { readonly problem: string };

type Box = { number: string; title: string; at: number | null; done: boolean; line: number };

const boxesOf = (text: string): Box[] =>
  linesOf(text).flatMap((line) => {
    const head = readTaskLine(line);
    if (!head || head.number === null) return [];
    const title = head.title || `Task ${head.number}`;
    return [{ number: head.number, title, at: head.box, done: head.state === 'done', line: line.line }];
  });

const withTicks = (text: string, boxes: readonly Box[]): string => {
  const pieces: string[] = [];
  let from = 0;
  for (const { at } of boxes.toSorted((a, b) => a.at! - b.at!)) {
    pieces.push(text.slice(from, at!), 'x');
    from = at! + 1;
  }
  return pieces.join('') + text.slice(from);
};

const find = (boxes: readonly Box[], number: string, title: string): { box: Box } | { problem: string } => {
  const numbered = boxes.filter((box) => box.number === number);
  const same = numbered.filter((box) => box.title === title);
  if (same.length > 1) return { problem: `task ${number} “${title}” is there ${same.length} times` };
  const [box] = same;
  if (box) return box.at === null && !box.done ? { problem: `task ${number} has no box to tick` } : { box };
  const [other] = numbered;
  return { problem: other ? `task ${number} is called “${other.title}” now` : `task ${number} is not there any more` };
};

/** Ticks the box of the task that has both this number and this title: one character changes, or none if it is ticked. */
export const tick = (text: string, number: string, title: string): Ticked => {
  const found = find(boxesOf(text), number, title);
  if ('problem' in found) return found;
  return { text: found.box.done ? text : withTicks(text, [found.box]), line: found.box.line };
};

/** Ticks these tasks, and every group above them whose tasks are all ticked by then. What cannot be ticked is told. */
export const tickDone = (
  text: string,
  done: readonly { readonly number: string; readonly title: string }[],
): { readonly text: string; readonly lines: readonly number[]; readonly problems: readonly string[] } => {
  const boxes = boxesOf(text);
  const named = new Map(Map.groupBy(boxes, (box) => box.number));
  const problems: string[] = [];
  const ticks = new Set<Box>();
  const touched = new Set<string>();
  for (const { number, title } of done) {
    const found = find(named.get(number) ?? [], number, title);
    if ('problem' in found) {
      problems.push(found.problem);
      continue;
    }
    if (!found.box.done) ticks.add(found.box);
    for (const up of ancestors(number)) touched.add(up);
  }
  const above = new Set(boxes.flatMap((box) => ancestors(box.number)));
  const undone = new Set(
    boxes
      .filter((box) => !above.has(box.number) && !box.done && !ticks.has(box))
      .flatMap((box) => ancestors(box.number)),
  );
  for (const up of touched) {
    const [box, ...more] = named.get(up) ?? [];
    if (box && more.length === 0 && box.at !== null && !box.done && !undone.has(up)) ticks.add(box);
  }
  const lines = [...ticks].map((box) => box.line).toSorted((a, b) => a - b);
  return { text: withTicks(text, [...ticks]), lines, problems };
};
