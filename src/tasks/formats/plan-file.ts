/** Plans whose folder holds other files beside them; in all others the plan is `tasks.md`. */
const FILES_IN: Readonly<Record<string, string>> = {
  '.taskmaster': 'tasks/tasks.json',
  '.beads': 'issues.jsonl',
};

/** Whether a folder of this name is that of a tool, which is called so. */
export const isToolFolder = (name: string): boolean => Object.hasOwn(FILES_IN, name);

/** The file of the plan that a person means by an absolute path: that file, or the one in a folder. */
export const planFile = (full: string): string => {
  if (/\.(?:md|markdown|json|jsonl|ndjson|csv|tsv)$/iu.test(full)) return full;
  const last = full.split('/').at(-1)!;
  return `${full}/${isToolFolder(last) ? FILES_IN[last]! : 'tasks.md'}`;
};

/** What a plan is called: as its folder, or as its file where that has a name of its own. */
export const planName = (file: string): string => {
  const parts = file.split('/');
  const stem = parts.at(-1)!.replace(/\.[^.]*$/u, '');
  const tool = parts.findLast(isToolFolder);
  if (tool !== undefined && !file.endsWith('.md')) return tool.slice(1);
  return (stem === 'tasks' ? parts.at(-2) : stem) || 'spec';
};
