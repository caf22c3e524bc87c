import { saidId } from '../../../../src/protocol/say.ts';
import type { DiffData } from '../../../../src/text/diff-data.ts';
import { conflictText } from '../../../../src/text/conflict-text.ts';
import { UNREADABLE, type WorktreeRow } from '../../../../src/text/worktree-row.ts';
import { isClash } from '../../../../src/state/conflicts.ts';
import { CONFLICT_SIGN } from '../../../../src/tui/model/conflict-marks.ts';
import { ageOf } from '../../../../src/tui/model/relative-times.ts';
import { useAnswer, useNow, useSwarm } from '../../link/use-swarm.ts';
import { hashOf } from '../../model/route.ts';
import { Diff, DiffCounts } from '../../parts/diff.tsx';
import { Icon } from '../../parts/icon.tsx';
import { StateMarkText } from '../../parts/mark.tsx';
import { OwnName } from '../../parts/own-name.tsx';
import { Empty, Words } from '../../parts/text.tsx';
import { Do } from '../../shell/do.tsx';

const TREE = { text: 'tree worktrees', everyMs: 2000 } as const;

type Node = WorktreeRow & {
  readonly tasks: readonly { readonly id: string; readonly title: string; readonly word: string }[];
};

/** Who would conflict with whom, and about what. */
const Conflicts = () => {
  const clashes = Object.values(useSwarm().state.predicted).filter(isClash);
  if (clashes.length === 0) return null;
  return (
    <section className="conflicts" aria-label="foreseen conflicts">
      <h3 className="yellow">
        {CONFLICT_SIGN} {clashes.length === 1 ? '1 conflict is foreseen' : `${clashes.length} conflicts are foreseen`}
      </h3>
      <ul>
        {clashes.map((one) => (
          <li key={one.id}>
            <OwnName id={one.instances[0]} /> <span className="dim">and</span> <OwnName id={one.instances[1]} />{' '}
            <span className="soft">
              <Words text={conflictText(one)} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
};

const NodeItem = ({ node, isOpen }: { readonly node: Node; readonly isOpen: boolean }) => {
  const { state } = useSwarm();
  const now = useNow();
  const instance = node.instance === null ? undefined : state.instances[node.instance];
  const left = node.tasks.filter(({ id }) => state.tasks[id] && state.tasks[id]?.batch === null);
  return (
    <li className={`tree-item ${isOpen ? 'open' : ''}`}>
      <a href={hashOf('worktrees', node.name)} className="tree-head" aria-current={isOpen ? 'true' : undefined}>
        {instance ? <OwnName id={instance.instance_id} /> : <b className="mono">{node.name}</b>}
        {instance ? <StateMarkText mark={instance.state} now={now} /> : <span className="soft">{node.kind}</span>}
        <span className="soft numbers tree-numbers">
          {node.dirty > 0 && <span className="yellow">{node.dirty} uncommitted </span>}
          <span className="green">+{node.ahead}</span>
          {node.behind > 0 && <span className="red"> −{node.behind}</span>}
        </span>
      </a>
      <p className="soft cut mono">
        ⎇ <Words text={node.branch ?? 'no branch'} />
      </p>
      {node.problem !== null && (
        <p className="red">
          {UNREADABLE}: <Words text={node.problem} />
        </p>
      )}
      {left.map(({ id, title, word }) => (
        <p key={id} className="soft cut">
          <b className="mono">{id}</b> <Words text={title} /> <span className="dim">{word}</span>
        </p>
      ))}
    </li>
  );
};

const Change = ({ node }: { readonly node: Node }) => {
  const now = useNow();
  const reply = useAnswer({ text: `show diff ${saidId(node.name)}`, everyMs: 3000 });
  const data = reply?.exit === 0 ? (reply.data as DiffData) : null;
  return (
    <section className="panel change" aria-label={`change in ${node.name}`}>
      <header className="panel-head">
        <a className="button icon-only only-narrow" href={hashOf('worktrees')} aria-label="close the change">
          <Icon name="back" />
        </a>
        <h2 className="mono cut">
          <Words text={node.name} />
        </h2>
        <span className="soft cut">
          <Words text={node.subject} /> · {ageOf(node.committed_at, now)} ago
        </span>
        <div className="actions">
          {node.kind === 'instance' && node.behind > 0 && (
            <Do line={`sync worktree ${saidId(node.name)}`} className="small">
              Bring up to date
            </Do>
          )}
          {node.kind !== 'integration' && (
            <Do line={`remove worktree ${saidId(node.name)}`} className="small quiet">
              Remove
            </Do>
          )}
        </div>
      </header>
      {!reply && <Empty text="Reading the change …" />}
      {reply && !data && <Empty text={reply.message} />}
      {data && (
        <>
          <p className="soft">
            <Words text={reply?.message ?? ''} />
          </p>
          <Diff patch={data.patch} cut={data.cut} beside={({ path }) => countsFor(data, path)} />
        </>
      )}
    </section>
  );
};

const countsFor = ({ files }: DiffData, path: string) => {
  const file = files.find((one) => one.path === path);
  return file && <DiffCounts insertions={file.insertions} deletions={file.deletions} />;
};

/** Which task, branch and worktree belong together, what has been changed there, and where work would conflict. */
const WorktreesView = ({ open }: { readonly open: string | null }) => {
  const reply = useAnswer(TREE);
  const nodes = reply?.exit === 0 ? (reply.data as readonly Node[]) : null;
  const opened = nodes?.find(({ name }) => name === open);
  return (
    <section className={`split ${opened ? 'with-detail' : ''}`} aria-label="worktrees">
      <div className="split-list scroll">
        <Conflicts />
        {!nodes && <Empty text={reply?.message ?? 'Looking at the worktrees …'} />}
        {nodes?.length === 0 && <Empty text="No worktree. Each agent gets one of its own." />}
        <ul className="tree">
          {nodes?.map((node) => (
            <NodeItem key={node.name} node={node} isOpen={node.name === open} />
          ))}
        </ul>
      </div>
      {opened ? (
        <Change key={opened.name} node={opened} />
      ) : (
        <p className="empty only-wide">Choose a worktree to see what is changed there.</p>
      )}
    </section>
  );
};

export default WorktreesView;
