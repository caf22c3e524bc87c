import { messageOf } from '../../lib/errors.ts';
import { someOf } from '../../lib/names.ts';
import { oneLine } from '../../lib/text.ts';
import type { EventDraft } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { plural } from '../../text/wording.ts';
import type { DaemonServices } from '../services.ts';

type Lacking = Awaited<ReturnType<DaemonServices['home']['git']['lacking']>>;

/** So many submodules are named. */
const NAMED = 5;

/** What a person is to know who launches agents in a repository with submodules or large files. */
export const lackingFacts = ({ submodules, lfs }: Lacking, hasSetUp: boolean): EventDraft[] => {
  const names = someOf(submodules.map(oneLine), NAMED);
  const about = { severity: 'info', instance: null, task: null } as const;
  return [
    ...(submodules.length > 0 && !hasSetUp
      ? [
          {
            type: 'alert.raised',
            data: {
              ...{ id: 'worktrees:submodules', ...about },
              text: `${plural(submodules.length, 'submodule')} (${names}) of this repository ${submodules.length === 1 ? 'is' : 'are'} empty in new worktrees, as git leaves them; a set-up can fetch them there`,
              suggestion: 'set config worktrees.setup "git submodule update --init"',
            },
          } as const,
        ]
      : []),
    ...(lfs
      ? [
          {
            type: 'alert.raised',
            data: {
              ...{ id: 'worktrees:lfs', ...about },
              text: 'Files that git LFS keeps are only pointers in new worktrees, because its filter is not set up: install git-lfs and run "git lfs install"',
              suggestion: 'list worktrees',
            },
          } as const,
        ]
      : []),
  ];
};

const told = new WeakSet<DaemonServices>();

/** Tells once what new worktrees of this repository lack; that it cannot be seen keeps nobody from working. */
export const tellLacking = async (services: DaemonServices, instance: Instance): Promise<void> => {
  if (told.has(services)) return;
  told.add(services);
  try {
    const lacking = await services.targetOf(instance).git.lacking(instance.workspace_path);
    const facts = lackingFacts(lacking, services.settings.worktrees.setup !== undefined);
    if (facts.length > 0) await services.decide(() => facts);
  } catch (error) {
    if (services.signal.aborted) throw error;
    services.log(`what new worktrees lack is not known: ${messageOf(error)}`);
  }
};
