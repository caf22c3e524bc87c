import { basename, join } from 'node:path';
import type { Program } from '../../tui/app/options.ts';
import type { ReviewTool } from '../../tui/review/review-tool.ts';
import { stringEnv } from './tui-client.ts';

/** How editors are told the line, by the name of their program; all others take `+12 file`. */
const atLine = (editor: string, file: string, line: number): readonly string[] => {
  const name = basename(editor.trim().split(/\s+/u)[0] ?? '');
  if (/^(?:code|codium|code-insiders|cursor|windsurf)$/u.test(name)) return ['--goto', `${file}:${line}`];
  if (/^(?:hx|helix|subl|zed|mate)$/u.test(name)) return [`${file}:${line}`];
  return [`+${line}`, file];
};

/** The program for a tool, in the repository. Names of files are arguments of their own and never part of a command. */
export const toolProgram =
  (root: string, env: NodeJS.ProcessEnv) =>
  (tool: ReviewTool): Program => {
    if (tool.kind === 'difftool') {
      const { from, to, file } = tool;
      const git = ['git', '--literal-pathspecs', '-C', root, 'difftool', '--no-prompt', from, to, '--', file];
      return { argv: git, env: stringEnv(env) };
    }
    const { folder, file, line } = tool;
    const editor = env['VISUAL'] || env['EDITOR'] || 'vi';
    // As git does it: the variable may hold arguments, which only a shell takes apart.
    const argv = ['sh', '-c', `${editor} "$@"`, 'sh', ...atLine(editor, join(folder, file), line)];
    return { argv, env: stringEnv(env) };
  };
