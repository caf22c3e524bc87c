import type { Files, LeftFile } from '../ports/target.ts';

/**
 * Reads a file below a folder in which an agent, or a program of its making, writes; or says why not. What a link leads to may
 * be a file that the agent is not to see, and what is read here may come back to it.
 */
export const readRealFile = async (
  files: Pick<Files, 'readLeft' | 'realPath'>,
  { folder, path, limit }: { readonly folder: string; readonly path: string; readonly limit: number },
): Promise<LeftFile | null> => {
  const [real, above] = await Promise.all([files.realPath(path), files.realPath(folder)]);
  if (real !== `${above}${path.slice(folder.length)}`) return { refused: 'a symbolic link leads to it' };
  return files.readLeft(path, limit);
};
