import { saidId } from '../../protocol/say.ts';
import type { Context } from '../define.ts';

/** Of these tasks, those on whose branches there are commits that no check has seen, each with what has them merged as well. */
export const laterCommitsTexts = async (
  { git, store: { state } }: Pick<Context, 'git' | 'store'>,
  ids: readonly string[],
): Promise<readonly string[]> => {
  const texts = ids.map(async (id): Promise<readonly string[]> => {
    const run = state.tasks[id]?.run;
    if (!run?.result) return [];
    const tip = await git.resolve(`refs/heads/${run.branch}`);
    if (tip === null || tip === run.result.head_commit) return [];
    return [
      `The branch of ${id} is at ${tip.slice(0, 10)} now, which no check has seen and no merge takes. To have that as well: takeover task ${saidId(id)}; then: approve task ${saidId(id)}`,
    ];
  });
  return (await Promise.all(texts)).flat();
};
