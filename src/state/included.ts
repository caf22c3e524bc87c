/** The patterns in the text of a `.worktreeinclude`, which is written as a `.gitignore` is. */
export const includedIn = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/\r$/u, '').replace(/(?<!\\)\s+$/u, ''))
    .filter((line) => line !== '' && !/^#|[\0\r]/u.test(line));
