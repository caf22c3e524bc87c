import { useEffect, useRef, useState } from 'react';
import { saidText } from '../../../../src/protocol/say.ts';
import type { Need } from '../../../../src/attention/needs.ts';
import type { Alert } from '../../../../src/state/alerts.ts';
import { ageOf, withRelativeTimes } from '../../../../src/tui/model/relative-times.ts';
import { ALERT_MARKS, NEED_MARKS } from '../../../../src/tui/model/state-marks.ts';
import { dismissalOf } from '../../../../src/tui/tabs/alerts.ts';
import { useAttention, useNow, useSwarm } from '../../link/use-swarm.ts';
import { hashOf } from '../../model/route.ts';
import { classOf } from '../../parts/mark.tsx';
import { OwnName } from '../../parts/own-name.tsx';
import { Words } from '../../parts/text.tsx';
import { Do } from '../../shell/do.tsx';
import { Notifications } from '../../shell/notifications.tsx';
import { StepButton } from '../../shell/step-button.tsx';
import { QuestionForm } from '../agents/question-form.tsx';
import { Evidence } from './evidence.tsx';

type NeedProps = { readonly need: Need; readonly isOpen: boolean };

const NeedItem = ({ need, isOpen }: NeedProps) => {
  const { state } = useSwarm();
  const now = useNow();
  const item = useRef<HTMLLIElement>(null);
  const [isEvidence, setEvidence] = useState(isOpen);
  const { glyph, style } = NEED_MARKS[need.kind];
  const asking = need.kind === 'question' && need.instance !== null ? state.instances[need.instance] : undefined;
  const dismissal = dismissalOf(need);
  useEffect(() => {
    if (isOpen) item.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  return (
    <li ref={item} className={`need ${need.kind} ${isOpen ? 'open' : ''}`} data-need={need.key}>
      <div className="need-head">
        <span className={`sign ${classOf(style)}`} aria-hidden="true">
          {glyph}
        </span>
        <p className="need-text">
          {asking ? (
            <>
              <a href={hashOf('agents', asking.instance_id)}>
                <OwnName id={asking.instance_id} />
              </a>{' '}
              asks
            </>
          ) : (
            <Words text={withRelativeTimes(need.text, now)} />
          )}
        </p>
        <span className="soft numbers">{ageOf(need.since, now)}</span>
      </div>
      {asking && <QuestionForm instance={asking} />}
      <div className="row wrap">
        {!asking && need.help !== null && <StepButton command={need.help} className="main small" />}
        {dismissal !== null && (
          <Do line={dismissal} className="small quiet">
            {need.kind === 'lost' ? 'Stop it' : 'Dismiss'}
          </Do>
        )}
        <button
          type="button"
          className="button small quiet"
          aria-expanded={isEvidence}
          onClick={() => setEvidence(!isEvidence)}
        >
          {isEvidence ? 'Less' : 'What is known'}
        </button>
      </div>
      {isEvidence && <Evidence need={need} />}
    </li>
  );
};

const NoticeItem = ({ alert: { id, severity, text, raised_at, suggestion } }: { readonly alert: Alert }) => {
  const now = useNow();
  return (
    <li className="need notice">
      <div className="need-head">
        <span className="sign dim" aria-hidden="true">
          {ALERT_MARKS[severity].glyph}
        </span>
        <p className="need-text">
          <Words text={withRelativeTimes(text, now)} />
        </p>
        <span className="soft numbers">{ageOf(raised_at, now)}</span>
      </div>
      <div className="row wrap">
        {suggestion !== null && <StepButton command={suggestion} className="small" />}
        <Do line={`clear alert ${saidText(id)}`} className="small quiet">
          Dismiss
        </Do>
      </div>
    </li>
  );
};

/** What needs a person, the most pressing first, then what is only to be known. */
export const AlertsView = ({ open }: { readonly open: string | null }) => {
  const { needs, notices } = useAttention();
  const title =
    needs.length === 0 ? 'Nothing needs you.' : needs.length === 1 ? '1 needs you' : `${needs.length} need you`;
  return (
    <section className="alerts scroll" aria-label="alerts">
      <div className="view-head">
        <h2>{title}</h2>
        <Notifications />
      </div>
      <ul className="needs">
        {needs.map((need) => (
          <NeedItem key={need.key} need={need} isOpen={open !== null && [need.instance, need.task].includes(open)} />
        ))}
      </ul>
      {notices.length > 0 && <h3 className="dim">To know</h3>}
      <ul className="needs">
        {notices.map((alert) => (
          <NoticeItem key={alert.id} alert={alert} />
        ))}
      </ul>
    </section>
  );
};
