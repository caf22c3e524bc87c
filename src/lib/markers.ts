/** So wide are the markers that git is asked for where a program reads them: no text has such lines of its own. */
export const WIDE_MARKER = 47;
