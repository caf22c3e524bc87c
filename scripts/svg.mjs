// Draws the cells of a terminal as SVG: an exact grid, lines and blocks as shapes, everything else as text.

/** The look of a terminal: its colours 0 to 15, and those of what has none. */
export const DARK = {
  front: '#d5d9e0',
  back: '#14171c',
  colours: [
    ...['#1c2026', '#e5534b', '#57ab5a', '#c69026', '#539bf5', '#b083f0', '#39c5cf', '#adbac7'],
    ...['#636e7b', '#ff938a', '#6bc46d', '#daaa3f', '#6cb6ff', '#dcbdfb', '#56d4dd', '#f0f3f6'],
  ],
};
export const LIGHT = {
  front: '#1f2328',
  back: '#ffffff',
  colours: [
    ...['#24292f', '#cf222e', '#116329', '#7d4e00', '#0969da', '#8250df', '#1b7c83', '#6e7781'],
    ...['#57606a', '#a40e26', '#1a7f37', '#633c01', '#218bff', '#a475f9', '#3192aa', '#8c959f'],
  ],
};

const CELL = { width: 8.4, height: 18 };
const FONT_SIZE = 14;
const BASELINE = 13.2;
const PADDING = 14;
const FONTS = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";

const STEPS = [0, 95, 135, 175, 215, 255];
const hex = (rgb) => `#${rgb.toString(16).padStart(6, '0')}`;
const paletteColour = (index, look) => {
  if (index < 16) return look.colours[index];
  if (index >= 232) return hex((8 + 10 * (index - 232)) * 0x010101);
  const cube = index - 16;
  return hex((STEPS[Math.floor(cube / 36)] << 16) | (STEPS[Math.floor(cube / 6) % 6] << 8) | STEPS[cube % 6]);
};

/** A cell as it is drawn. */
const drawn = (cell, look) => {
  const colour = (isRgb, isPalette, value) => (isRgb ? hex(value) : isPalette ? paletteColour(value, look) : null);
  const front = colour(cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor()) ?? look.front;
  const back = colour(cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor());
  const inverse = cell.isInverse() !== 0;
  return {
    text: cell.getChars() || ' ',
    wide: cell.getWidth() === 2,
    front: inverse ? (back ?? look.back) : front,
    back: inverse ? front : back,
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
  };
};

// Which arms a line has: left, right, up, down; 1 is light, 2 heavy.
const ARMS = {
  '─': [1, 1, 0, 0],
  '━': [2, 2, 0, 0],
  '│': [0, 0, 1, 1],
  '┃': [0, 0, 2, 2],
  '┌': [0, 1, 0, 1],
  '┐': [1, 0, 0, 1],
  '└': [0, 1, 1, 0],
  '┘': [1, 0, 1, 0],
  '├': [0, 1, 1, 1],
  '┤': [1, 0, 1, 1],
  '┬': [1, 1, 0, 1],
  '┴': [1, 1, 1, 0],
  '┼': [1, 1, 1, 1],
  '┏': [0, 2, 0, 2],
  '┓': [2, 0, 0, 2],
  '┗': [0, 2, 2, 0],
  '┛': [2, 0, 2, 0],
  '┣': [0, 2, 2, 2],
  '┫': [2, 0, 2, 2],
};
// The rounded corners: where they come from and where they go to, as parts of the cell.
const ROUND = {
  '╭': [0.5, 1, 1, 0.5],
  '╮': [0.5, 1, 0, 0.5],
  '╰': [0.5, 0, 1, 0.5],
  '╯': [0.5, 0, 0, 0.5],
};
const BLOCKS = { '▁': 1, '▂': 2, '▃': 3, '▄': 4, '▅': 5, '▆': 6, '▇': 7, '█': 8 };

const number = (value) => String(Math.round(value * 100) / 100);

/** A glyph that has to meet its neighbours, as a shape; undefined for every other one. */
const shape = (text, x, y, colour) => {
  const { width, height } = CELL;
  const round = ROUND[text];
  if (round) {
    const [x1, y1, x2, y2] = [x + round[0] * width, y + round[1] * height, x + round[2] * width, y + round[3] * height];
    const path = `M${number(x1)} ${number(y1)}Q${number(x1)} ${number(y2)} ${number(x2)} ${number(y2)}`;
    return `<path d="${path}" fill="none" stroke="${colour}"/>`;
  }
  const arms = ARMS[text];
  if (arms) {
    const [cx, cy] = [x + width / 2, y + height / 2];
    const ends = [
      [x, cy],
      [x + width, cy],
      [cx, y],
      [cx, y + height],
    ];
    return arms
      .map((weight, i) =>
        weight === 0
          ? ''
          : `<path d="M${number(cx)} ${number(cy)}L${number(ends[i][0])} ${number(ends[i][1])}" stroke="${colour}"${weight === 2 ? ' stroke-width="2.4" stroke-linecap="square"' : ''}/>`,
      )
      .join('');
  }
  const eighths = BLOCKS[text];
  if (eighths) {
    const tall = (height * eighths) / 8;
    return `<rect x="${number(x)}" y="${number(y + height - tall)}" width="${number(width)}" height="${number(tall)}" fill="${colour}"/>`;
  }
  if (text === '▰' || text === '▱') {
    const [left, right, top, bottom] = [x + 0.8, x + width - 0.8, y + 6, y + 13];
    const points = `${number(left + 2)},${top} ${number(right)},${top} ${number(right - 2)},${bottom} ${number(left)},${bottom}`;
    const paint = text === '▰' ? `fill="${colour}"` : `fill="none" stroke="${colour}" stroke-opacity="0.55"`;
    return `<polygon points="${points}" ${paint}/>`;
  }
  return undefined;
};

const escaped = (text) =>
  text.replace(/[&<>]/gu, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character]);
/** With spaces in a row as such that no viewer makes one of. */
const firm = (text) => text.replace(/ {2,}/gu, (spaces) => '\u00A0'.repeat(spaces.length));
const isPlain = (text) => /^[ -~]$/u.test(text);
const sameLook = (a, b) => ['front', 'bold', 'dim', 'italic', 'underline'].every((key) => a[key] === b[key]);

const rowCells = (buffer, y, cols, look) => {
  const line = buffer.getLine(buffer.baseY + y);
  return Array.from({ length: cols }, (_, x) => ({ x, ...drawn(line.getCell(x), look) }));
};

/** Cells side by side that are drawn by one element. */
const runs = (cells, joins) =>
  cells.reduce((all, cell) => {
    const last = all.at(-1);
    if (last && joins(last.at(-1), cell)) last.push(cell);
    else all.push([cell]);
    return all;
  }, []);

const backgrounds = (cells, y) =>
  runs(cells, (a, b) => a.back === b.back)
    .filter(([first]) => first.back !== null)
    .map((run) => {
      const { x, back } = run[0];
      return `<rect x="${number(x * CELL.width)}" y="${y}" width="${number(run.length * CELL.width)}" height="${CELL.height}" fill="${back}"/>`;
    });

/** A line through several cells, as one stroke. */
const stroke = (run, y) => {
  const [{ x, front, text }] = run;
  const at = number(y + CELL.height / 2);
  const heavy = text === '━' ? ' stroke-width="2.4" stroke-linecap="square"' : '';
  return `<path d="M${number(x * CELL.width)} ${at}L${number((x + run.length) * CELL.width)} ${at}" stroke="${front}"${heavy}/>`;
};

const isLine = (text) => text === '─' || text === '━';
const joins = (a, b) => sameLook(a, b) && (isLine(a.text) ? a.text === b.text : isPlain(a.text) && isPlain(b.text));

const texts = (cells, y, look) =>
  runs(cells, joins).flatMap((run) => {
    const text = run.map((cell) => cell.text).join('');
    const { x, front, bold, dim, italic, underline, wide } = run[0];
    if (text.trim() === '' && !underline) return [];
    const left = x * CELL.width;
    const own = isLine(run[0].text) ? stroke(run, y) : run.length === 1 ? shape(text, left, y, front) : undefined;
    if (own) return [dim ? `<g opacity="0.6">${own}</g>` : own];
    const start = text.length - text.trimStart().length;
    const width = (text.trim().length || 1) * CELL.width * (wide ? 2 : 1);
    const style = [
      bold ? ' font-weight="700"' : '',
      italic ? ' font-style="italic"' : '',
      underline ? ' text-decoration="underline"' : '',
      dim ? ' opacity="0.6"' : '',
      // A single sign from another font keeps its own width, in the middle of its cell.
      isPlain(run[0].text) ? ` textLength="${number(width)}"` : ' text-anchor="middle"',
    ].join('');
    const at = isPlain(run[0].text) ? left + start * CELL.width : left + width / 2;
    return [
      `<text x="${number(at)}" y="${number(y + BASELINE)}"${front === look.front ? '' : ` fill="${front}"`}${style}>${escaped(firm(text.trim()))}</text>`,
    ];
  });

/** The rows of the screen, each drawn as if it were the first; an empty one is an empty text. */
export const rowsOf = (terminal, look = DARK) =>
  Array.from({ length: terminal.rows }, (_, y) => {
    const cells = rowCells(terminal.buffer.active, y, terminal.cols, look).filter((cell) => cell.text !== '');
    return [...backgrounds(cells, 0), ...texts(cells, 0, look)].join('');
  });

const moved = (row, y) => (row === '' ? [] : [`<g transform="translate(0 ${y * CELL.height})">${row}</g>`]);

/** A picture of so many cells, with a title for those who cannot see it. */
const pageOf = ({ cols, rows }, title, look, content) => {
  const width = number(cols * CELL.width + 2 * PADDING);
  const height = rows * CELL.height + 2 * PADDING;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${look.back}"/>`,
    ...content,
    '</svg>',
    '',
  ].join('\n');
};

const textOf = (look) => `fill="${look.front}" font-family="${FONTS}" font-size="${FONT_SIZE}" xml:space="preserve"`;

/** The whole screen of a terminal as a picture. */
export const svgOf = (terminal, title, look = DARK) =>
  pageOf(terminal, title, look, [
    `<g transform="translate(${PADDING} ${PADDING})" ${textOf(look)}>`,
    ...rowsOf(terminal, look).flatMap(moved),
    '</g>',
  ]);

/**
 * Frames of the same size as one picture that moves, again and again: `{ at, rows }` with the time in milliseconds. They lie
 * below each other on a film that is drawn past a window; a row that comes twice is kept once. Who wants no motion sees
 * the frame `still`.
 */
export const filmOf = (frames, { cols, rows, endMs, still }, title, look = DARK) => {
  const ids = new Map();
  for (const row of frames.flatMap((frame) => frame.rows))
    if (row !== '' && !ids.has(row)) ids.set(row, `r${ids.size}`);
  const [width, height] = [number(cols * CELL.width), rows * CELL.height];
  const place = (index) => `transform:translateY(-${index * height}px)`;
  const steps = frames.map(({ at }, index) => `${number((100 * at) / endMs)}%{${place(index)}}`).join('');
  const uses = (frame, index) =>
    frame.rows
      .flatMap((row, y) =>
        row === '' ? [] : [`<use href="#${ids.get(row)}" y="${index * height + y * CELL.height}"/>`],
      )
      .join('');
  return pageOf({ cols, rows }, title, look, [
    `<style>.film{${place(still)};animation:film ${number(endMs / 1000)}s step-end infinite}@keyframes film{${steps}100%{${place(frames.length - 1)}}}@media(prefers-reduced-motion:reduce){.film{animation:none}}</style>`,
    `<defs>${[...ids].map(([row, id]) => `<g id="${id}">${row}</g>`).join('\n')}</defs>`,
    `<clipPath id="window"><rect width="${width}" height="${height}"/></clipPath>`,
    `<g transform="translate(${PADDING} ${PADDING})" clip-path="url(#window)" ${textOf(look)}><g class="film">`,
    ...frames.map(uses),
    '</g></g>',
  ]);
};
