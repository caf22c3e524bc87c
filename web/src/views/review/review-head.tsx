import { formatDuration } from '../../../../src/lib/duration.ts';
import { costText } from '../../../../src/text/cost-rows.ts';
import type { ReviewData } from '../../../../src/text/review-data.ts';
import { OwnName } from '../../parts/own-name.tsx';
import { Block, Words } from '../../parts/text.tsx';

const Gates = ({ gates }: Pick<ReviewData, 'gates'>) => (
  <ul className="gates">
    {gates.map(({ name, passed, ms, text }) => (
      <li key={name}>
        <details open={!passed}>
          <summary>
            <span className={passed ? 'green' : 'red strong'}>{passed ? '✔' : '✖'}</span> <Words text={name} />
            {ms !== null && <span className="soft numbers"> {formatDuration(ms)}</span>}
          </summary>
          {text !== '' && <Block text={text} />}
        </details>
      </li>
    ))}
  </ul>
);

const Criteria = ({ criteria }: Pick<ReviewData, 'criteria'>) =>
  criteria.length === 0 ? null : (
    <section>
      <h3>Criteria</h3>
      <ul className="criteria">
        {criteria.map(({ id, text, evidence }) => (
          <li key={id}>
            <span className={evidence.length > 0 ? 'green' : 'yellow'} aria-hidden="true">
              {evidence.length > 0 ? '✔' : '○'}
            </span>{' '}
            <b className="mono">{id}</b> <Words text={text} />
            {evidence.map((proof) => (
              <p key={`${proof.kind} ${proof.text}`} className="soft">
                {proof.kind}: <Words text={proof.text} />
                {proof.where !== null && ` (${proof.where})`}
              </p>
            ))}
            {evidence.length === 0 && <p className="soft">Nothing shows that it is met.</p>}
          </li>
        ))}
      </ul>
    </section>
  );

/** What is known of the work of a task beside its change: who did it, what ran on it, what it claims and costs. */
export const ReviewFacts = ({ data }: { readonly data: ReviewData }) => (
  <div className="facts">
    <p className="soft">
      <OwnName id={data.author} /> · attempt {data.attempt} · <span className="mono">{data.branch}</span>
      {data.cost.tokens > 0 && ` · ${costText(data.cost)}`}
    </p>
    {data.claim !== null && (
      <p className="claim">
        <span className="soft">It says: </span>
        <Words text={data.claim} />
      </p>
    )}
    <Gates gates={data.gates} />
    <Criteria criteria={data.criteria} />
  </div>
);
