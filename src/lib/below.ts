/** Whether a path is a folder or lies in it; both are whole, without links or dots. */
export const isAtOrBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
