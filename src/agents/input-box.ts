/** The text of a screen without what only draws: blanks and the lines of boxes. */
const squeezed = (text: string): string => text.replaceAll(/[\s│┃|]+/gu, '');

/**
 * What stands in the input box of an agent's screen: the lines from the last one that begins with its prompt sign to the
 * line that closes the box. Empty when the box is empty, undefined when the screen shows no box.
 */
export const boxReader =
  (sign: RegExp, close: RegExp) =>
  (screen: string): string | undefined => {
    const lines = screen.trimEnd().split('\n');
    const from = lines.findLastIndex((line) => sign.test(line));
    if (from < 0) return undefined;
    const to = lines.findIndex((line, at) => at > from && close.test(line));
    if (to < 0) return undefined;
    const [first = '', ...rest] = lines.slice(from, to);
    return [first.replace(sign, ''), ...rest]
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join('\n');
  };

/** Whether the box holds this text to its end, however it was wrapped. */
export const endsWith = (box: string, text: string): boolean => {
  const whole = squeezed(box);
  const wanted = squeezed(text);
  return wanted !== '' && whole.endsWith(wanted.slice(-60));
};
