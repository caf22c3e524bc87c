const NAMED = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, grey: 90 } as const;

/**
 * How a piece of text looks. Colours are `#rrggbb` or the terminal's own; the compositor reduces what a terminal lacks.
 */
export type Style = {
  readonly color?: keyof typeof NAMED | `#${string}`;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly inverse?: boolean;
  readonly italic?: boolean;
};

const HEX = /^#(?<red>[\da-f]{2})(?<green>[\da-f]{2})(?<blue>[\da-f]{2})$/iu;

const colourCode = (color: NonNullable<Style['color']>): string => {
  if (color in NAMED) return String(NAMED[color as keyof typeof NAMED]);
  const { red, green, blue } = HEX.exec(color)?.groups ?? {};
  if (red === undefined) return '39';
  return `38;2;${[red, green, blue].map((channel) => Number.parseInt(channel!, 16)).join(';')}`;
};

// The zero is needed: Ink takes the styles of a line apart and knows no reset without one.
/** The text in this style, plain after it. */
export const paint = (text: string, { color, bold, dim, inverse, italic }: Style): string => {
  const codes = [bold && '1', dim && '2', italic && '3', inverse && '7', color && colourCode(color)].filter(Boolean);
  return codes.length === 0 || text === '' ? text : `\u001B[${codes.join(';')}m${text}\u001B[0m`;
};
