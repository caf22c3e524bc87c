import type { Command } from '../../../src/commands/define.ts';
import type { Git } from '../../../src/ports/index.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instanceCreated, taskCreated } from '../../state/story.ts';

/** Two files, of which one is a test that names the criterion 1.1. */
const PATCH = `diff --git a/src/a.ts b/src/a.ts
index 1111111..2222222 100644
--- a/src/a.ts
+++ b/src/a.ts
@@ -1,2 +1,3 @@
 first();
-second();
+second(2);
+third();
diff --git a/test/a.test.ts b/test/a.test.ts
new file mode 100644
index 0000000..3333333
--- /dev/null
+++ b/test/a.test.ts
@@ -0,0 +1 @@
+test('[1.1] it does', () => second(2));
`;

const TEXTS: Readonly<Record<string, string>> = {
  'c2:src/a.ts': 'first();\nsecond(2);\nthird();\n',
  'c0:src/a.ts': 'first();\nsecond();\n',
};

export const verified = (head_commit: string): EventDraft => ({
  type: 'run.verified',
  data: {
    id: 't1',
    result: { head_commit, commits: 1, files: 2, insertions: 3, deletions: 1, check_ms: 900, check_output: 'ok' },
  },
});

/** The task t1, which serves 1.1 and 1.2, verified at c2; claude-1 did it, and kiro-1 is there as well. */
const done: readonly EventDraft[] = [
  taskCreated('t1', { requirements: ['1.1', '1.2'], acceptance_criteria: ['1.1: It does', '1.2: It tells'] }),
  instanceCreated('claude-1', 0),
  { type: 'instance.started', data: { instance_id: 'claude-1', session: 's', pane: '%1', pid: 100, argv: ['claude'] } },
  { type: 'instance.moved', data: { instance_id: 'claude-1', state: 'idle', source: 'hook' } },
  instanceCreated('kiro-1', 1),
  { type: 'instance.started', data: { instance_id: 'kiro-1', session: 'k', pane: '%2', pid: 101, argv: ['kiro'] } },
  { type: 'instance.moved', data: { instance_id: 'kiro-1', state: 'idle', source: 'hook' } },
  { type: 'task.assigned', data: { id: 't1', instance: 'claude-1', pinned: false, reason: 'ready' } },
  { type: 'run.started', data: { id: 't1', instance: 'claude-1', branch: 'feature/t1', start_commit: 'c0' } },
  { type: 'run.claimed', data: { id: 't1', summary: 'All of 1.1 and [1.2] is there' } },
  verified('c2'),
];

type Options = Partial<Parameters<typeof openDesk>[2]> & { readonly policy?: 'none' | 'before-merge' };

/** A desk over work that is done, and a git that knows its two commits; `head` moves its branch. */
export const openReviewDesk = (commands: Command | readonly Command[], { policy = 'none', ...more }: Options = {}) => {
  let head = 'c2';
  const moves: string[] = [];
  const git = partOf<Git>({
    ownBase: async ({ start }) => start,
    resolve: async (name) => (name === 'refs/heads/feature/t1' ? head : /^c\d$/u.test(name) ? name : null),
    diff: async () => ({
      files: [
        { path: 'src/a.ts', insertions: 2, deletions: 1 },
        { path: 'test/a.test.ts', insertions: 1, deletions: 0 },
      ],
      patch: PATCH,
    }),
    readFile: async (commit, path) => TEXTS[`${commit}:${path}`] ?? null,
    worktrees: async () => [{ path: '/worktrees/claude-1', branch: 'feature/t1', name: null, touchedAt: 0 }],
    worktreeState: async () => ({ branch: 'feature/t1', head, dirty: [] }),
    addWorktree: async (path, target) =>
      void moves.push('commit' in target ? `detach ${path} at ${target.commit}` : `add ${path}`),
    place: async (path) => path,
  });
  const settings = settingsSchema.parse({ agent: 'rehearsal', review: policy });
  const desk = openDesk(commands, done, { git, settings, ...more });
  return {
    desk,
    /** What was done to worktrees. */
    moves,
    commit: (next: string): void => {
      head = next;
    },
  };
};
