/** Whether a text is a pattern of files that begins at the top of the repository. */
export const isClaimPattern = (text: string): boolean =>
  text !== '' && !/^\/|(?:^|\/)\.{1,2}(?:\/|$)|\p{Cc}/u.test(text);

/** What a line of a plan claims, as `_Files: src/a/**, docs/*.md_`; undefined where it is another line. */
export const claimsIn = (text: string): readonly string[] | undefined => {
  const list = /^_Files[ \t]*:[ \t]*(?<list>.+?)_?$/iu.exec(text)?.groups?.['list'];
  const patterns = list
    ?.split(/[\s,;]+/u)
    .map((one) => one.replaceAll('`', ''))
    .filter((one) => one !== '');
  return patterns?.length === 1 && patterns[0] === 'none' ? [] : patterns;
};
