import { type FormEvent, useState } from 'react';
import { saidId, saidOption, saidText } from '../../../../src/protocol/say.ts';
import { actorText } from '../../../../src/state/actors.ts';
import type { ReviewComment } from '../../../../src/state/reviews.ts';
import type { ReviewData } from '../../../../src/text/review-data.ts';
import { useAnswer } from '../../link/use-swarm.ts';
import { hashOf } from '../../model/route.ts';
import { Diff, DiffCounts, type DiffPlace, placeKey } from '../../parts/diff.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Empty, Words } from '../../parts/text.tsx';
import { Do } from '../../shell/do.tsx';
import { useActions } from '../../shell/use-actions.ts';
import { ReviewFacts } from './review-head.tsx';
import { ReviewList } from './review-list.tsx';

const headLine = (task: string): string => `review task ${saidId(task)}`;
const changeLine = ({ task, to }: ReviewData): string => `${headLine(task)} detailed commit=${to}`;

const commentKey = ({ file, side, line }: ReviewComment): string => placeKey({ file, side, line });

const Comment = ({ task, comment }: { readonly task: string; readonly comment: ReviewComment }) => (
  <div className="comment">
    <p>
      <Words text={comment.text} />
    </p>
    <p className="soft row">
      {actorText(comment.by)}
      {comment.sent ? (
        ' · sent'
      ) : (
        <Do line={`uncomment task ${saidId(task)} comment=${comment.id}`} className="small quiet" quiet>
          Take back
        </Do>
      )}
    </p>
  </div>
);

type CommentFormProps = { readonly task: string; readonly place: DiffPlace; readonly onClose: () => void };

const CommentForm = ({ task, place: { file, side, line }, onClose }: CommentFormProps) => {
  const { run } = useActions();
  const [text, setText] = useState('');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const where = `${saidOption('file', file)} line=${line}${side === 'old' ? ' side=old' : ''}`;
    const reply = await run(`comment task ${saidId(task)} ${where} ${saidText(text.trim())}`, { quiet: true });
    if (reply?.exit === 0) onClose();
  };
  return (
    <form className="comment row" onSubmit={(event) => void submit(event)}>
      <input
        // biome-ignore lint/a11y/noAutofocus: who asks to say something wants the keyboard here.
        autoFocus
        aria-label={`comment on line ${line}`}
        placeholder="What is to be changed here?"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={({ key }) => key === 'Escape' && onClose()}
      />
      <button type="submit" className="button small main" disabled={text.trim() === ''}>
        Comment
      </button>
      <button type="button" className="button small" onClick={onClose}>
        Leave it
      </button>
    </form>
  );
};

const Decision = ({ data }: { readonly data: ReviewData }) => {
  const { run, refusal } = useActions();
  const [text, setText] = useState('');
  const id = saidId(data.task);
  const unsent = data.review.comments.filter(({ sent }) => !sent).length;
  const words = text.trim();
  const backLine = `return task ${id}${words === '' ? '' : ` ${saidText(words)}`}`;
  const why = refusal(backLine);
  const sendBack = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const reply = await run(backLine);
    if (reply?.exit === 0) setText('');
  };
  return (
    <form className="decision" onSubmit={(event) => void sendBack(event)}>
      <input
        aria-label="what the agent is to change"
        placeholder={unsent > 0 ? `${unsent} comments go with it` : 'What is to be changed?'}
        value={text}
        disabled={why !== null}
        onChange={({ target }) => setText(target.value)}
      />
      <button
        type="submit"
        className="button"
        disabled={why !== null || (words === '' && unsent === 0)}
        title={why ?? backLine}
      >
        Send back
      </button>
      {data.approved ? (
        <span className="green strong">✔ approved</span>
      ) : (
        <Do line={`approve task ${id}`} className="main">
          Approve
        </Do>
      )}
    </form>
  );
};

const Work = ({ data }: { readonly data: ReviewData }) => {
  const [place, setPlace] = useState<DiffPlace | null>(null);
  const change = useAnswer({ text: changeLine(data), everyMs: 1000, once: true });
  const patch = change?.exit === 0 ? ((change.data as ReviewData).patch ?? '') : null;
  const comments = Map.groupBy(data.review.comments, commentKey);
  const seen = new Set(data.files.filter((file) => file.seen).map(({ path }) => path));
  const below = (at: DiffPlace) => {
    const own = comments.get(placeKey(at)) ?? [];
    const isAsked = place !== null && placeKey(place) === placeKey(at);
    if (own.length === 0 && !isAsked) return null;
    return (
      <tr className="comments">
        <td colSpan={3}>
          {own.map((comment) => (
            <Comment key={comment.id} task={data.task} comment={comment} />
          ))}
          {isAsked && <CommentForm task={data.task} place={at} onClose={() => setPlace(null)} />}
        </td>
      </tr>
    );
  };
  return (
    <>
      <ReviewFacts data={data} />
      <h3>
        {data.files.length === 1 ? '1 file' : `${data.files.length} files`}{' '}
        <span className="soft">{seen.size} seen</span>
      </h3>
      {patch === null ? (
        <Empty text={change?.message ?? 'Reading the change …'} />
      ) : (
        <Diff
          patch={patch}
          cut={data.cut}
          folded={seen}
          below={below}
          onPlace={setPlace}
          beside={({ path }) => {
            const file = data.files.find((one) => one.path === path);
            if (!file) return null;
            const where = `${saidId(data.task)} ${saidOption('file', path)}`;
            return (
              <>
                <DiffCounts insertions={file.insertions} deletions={file.deletions} />
                <Do
                  line={`${file.seen ? 'unmark' : 'mark'} task ${where}`}
                  className={`small quiet ${file.seen ? 'green' : ''}`}
                  quiet
                >
                  {file.seen ? '✔ seen' : 'Seen'}
                </Do>
              </>
            );
          }}
        />
      )}
    </>
  );
};

const Opened = ({ task }: { readonly task: string }) => {
  const reply = useAnswer({ text: headLine(task), everyMs: 1000 });
  const data = reply?.exit === 0 ? (reply.data as ReviewData) : null;
  return (
    <section className="panel change" aria-label={`review of ${task}`} data-review={task}>
      <header className="panel-head">
        <a className="button icon-only only-narrow" href={hashOf('review')} aria-label="close the review">
          <Icon name="back" />
        </a>
        <h2 className="cut">
          <span className="mono">{task}</span> {data && <Words text={data.title} />}
        </h2>
      </header>
      <div className="panel-body scroll">
        {data ? <Work data={data} /> : <Empty text={reply?.message ?? 'Reading the work …'} />}
      </div>
      {data && data.batch === null && <Decision data={data} />}
    </section>
  );
};

/** The work of tasks for whoever decides on it. */
const ReviewView = ({ open }: { readonly open: string | null }) => (
  <section className={`split ${open === null ? '' : 'with-detail'}`} aria-label="review">
    <div className="split-list">
      <ReviewList open={open} />
    </div>
    {open === null ? (
      <p className="empty only-wide">Choose a task to look at its work.</p>
    ) : (
      <Opened key={open} task={open} />
    )}
  </section>
);

export default ReviewView;
