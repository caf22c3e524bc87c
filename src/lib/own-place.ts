type Places = (path: string) => Promise<string>;

/** Where a folder is itself, by the links that lead to it: a link in its own place is not followed. */
export const ownPlace = async (place: Places, path: string): Promise<string> => {
  const at = path.lastIndexOf('/');
  return `${(await place(path.slice(0, at) || '/')).replace(/\/$/u, '')}${path.slice(at)}`;
};

/** Whether a symbolic link that leads somewhere is in the place of a folder. */
export const isReplaced = async (place: Places, path: string): Promise<boolean> =>
  (await place(path)) !== (await ownPlace(place, path));
