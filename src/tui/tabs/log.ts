import { oneLine, withoutControls } from '../../lib/text.ts';
import { nameStyle } from '../model/instance-style.ts';
import type { Piece } from '../widgets/line.ts';
import type { Asked, Tab, TabBody, TabColumn, TabLine, TabScene } from './tab.ts';

type Row = { readonly instance: string; readonly last: string; readonly found: readonly string[] };

const LOGS = 'list logs';
const SHOWN_LINES = 1000;
const showing = (instance: string): string => `show log ${instance} limit=${SHOWN_LINES}`;

const words = ({ own }: TabScene): string => own.filter.trim();
const searching = (scene: TabScene): string => `list logs grep="${words(scene).replace(/["\\]/gu, '\\$&')}"`;

const chosen = ({ own, instances, selected }: TabScene): string | null =>
  instances.find(({ instance_id: id }) => id === own.cursor)?.instance_id ??
  selected ??
  instances[0]?.instance_id ??
  null;

/** The text with the places marked where the words stand. */
const marked = (text: string, wanted: string): readonly Piece[] => {
  const at = text.toLowerCase().indexOf(wanted.toLowerCase());
  if (at < 0) return [{ text }];
  const end = at + wanted.length;
  return [
    { text: text.slice(0, at) },
    { text: text.slice(at, end), inverse: true, bold: true },
    { text: text.slice(end) },
  ];
};

const colourOf = ({ state }: TabScene, id: string): Omit<Piece, 'text'> => {
  const instance = state.instances[id];
  return instance ? nameStyle(instance) : {};
};

const found = (scene: TabScene): TabBody => {
  const reply = scene.answers.get(searching(scene));
  const title: Piece[] = [{ text: `“${words(scene)}” in the output of all agents`, bold: true }];
  if (reply?.exit !== 0)
    return { columns: [{ title, lines: [], weight: 1, empty: oneLine(reply?.message ?? 'searching …') }] };
  const lines = (reply.data as Row[]).flatMap(({ instance, found: hits }): TabLine[] =>
    hits.length === 0
      ? []
      : [
          {
            heading: true,
            pieces: [
              { ...colourOf(scene, instance), text: `■ ${instance} `, bold: true },
              { text: String(hits.length), dim: true },
            ],
          },
          ...hits.map(
            (line, i): TabLine => ({
              id: `${instance} ${i}`,
              pieces: [{ text: '   ' }, ...marked(withoutControls(line), words(scene))],
            }),
          ),
        ],
  );
  const note: Piece = { text: `  ${oneLine(reply.message)}`, dim: true };
  return { columns: [{ title: [...title, note], lines, weight: 1, empty: 'Nobody has printed that.' }] };
};

const reading = (scene: TabScene): TabBody => {
  const logs = scene.answers.get(LOGS);
  const lasts = new Map(logs?.exit === 0 ? (logs.data as Row[]).map((row) => [row.instance, row.last]) : []);
  const id = chosen(scene);
  const list: TabColumn = {
    title: [{ text: 'agents', bold: true }],
    weight: 1,
    lines: scene.instances.flatMap(({ instance_id }): TabLine[] => [
      {
        id: instance_id,
        pieces: [
          { ...colourOf(scene, instance_id), text: '■ ' },
          { text: instance_id, bold: true },
        ],
      },
      { pieces: [{ text: `  ${withoutControls(lasts.get(instance_id) ?? '').trim()}`, dim: true }] },
    ]),
    empty: 'No agent has printed anything.',
  };
  if (id === null) return { columns: [list] };
  const reply = scene.answers.get(showing(id));
  const text = reply?.exit === 0 ? (reply.data as { text: string }).text.trimEnd() : '';
  const output: TabColumn = {
    title: [
      { text: `output of ${id}`, bold: true },
      { text: '  / searches all', dim: true },
    ],
    weight: 3,
    lines: text === '' ? [] : text.split('\n').map((line) => ({ pieces: [{ text: withoutControls(line) }] })),
    empty: reply ? 'It has printed nothing.' : 'reading its log …',
    fromEnd: true,
  };
  return { columns: [list, output] };
};

/** Everything that agents printed: one after the other, or searched as a whole. */
export const logTab: Tab = {
  modes: [],
  asksFilter: true,
  asks: (scene): readonly Asked[] => {
    if (words(scene) !== '') return [{ text: searching(scene), everyMs: 2000, always: true }];
    const id = chosen(scene);
    const one = id === null ? [] : [{ text: showing(id), everyMs: 1000, always: true }];
    return [{ text: LOGS, everyMs: 2000, always: true }, ...one];
  },
  body: (scene) => (words(scene) === '' ? reading(scene) : found(scene)),
  keys: [
    { keys: ['enter'], label: 'Enter', help: 'whole log', command: (id) => `show log ${id.split(' ')[0]}` },
    { keys: ['a'], label: 'a', help: 'attach', command: (id) => `attach ${id.split(' ')[0]}` },
  ],
};
