/** Where worktrees are put unless the configuration says otherwise. */
export const USUAL_WORKTREES_FOLDER = '{data}/drover/worktrees/{repo}-{hash}';

type Place = {
  readonly root: string;
  readonly key: string;
  readonly home: string;
  readonly data: string;
};

/** A file system takes names of 255 bytes, and others stand beside this one. A character takes at most four of them. */
const LONGEST_NAME = 200;

/** A name of so many bytes at most, without half a character at its end. */
const cutName = (name: string): string => {
  let bytes = 0;
  const characters = [...name].filter((character) => {
    const code = character.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_00_00 ? 3 : 4;
    return bytes <= LONGEST_NAME;
  });
  return characters.join('');
};

const withoutDots = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
};

/**
 * The folder that a template of the configuration means for one repository: `~` is the user's home, `{data}` the folder
 * for programs' data, `{repo}` the name of the repository's folder and `{hash}` the repository's own short name. A
 * relative template is meant from the repository.
 */
export const worktreesFolder = (template: string, { root, key, home, data }: Place): string => {
  const repo = cutName(
    root
      .split('/')
      .at(-1)!
      .replace(/[^\p{L}\p{N}._-]+/gu, '-'),
  );
  const path = template
    .replace(/^~(?=\/)/u, () => home)
    .replaceAll('{data}', () => data)
    .replaceAll('{repo}', () => repo)
    .replaceAll('{hash}', () => key);
  return withoutDots(path.startsWith('/') ? path : `${root}/${path}`);
};

/**
 * Whether a folder was ever one for the worktrees of the repository with this short name: every template holds it,
 * whatever the configuration says by now.
 */
export const isWorktreesFolder = (folder: string, key: string): boolean => folder.includes(key);
