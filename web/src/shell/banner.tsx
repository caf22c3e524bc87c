import { needInView, stepBesides, stepNow } from '../../../src/attention/attention.ts';
import { withRelativeTimes } from '../../../src/tui/model/relative-times.ts';
import { NEED_MARKS } from '../../../src/tui/model/state-marks.ts';
import { useAttention, useNow } from '../link/use-swarm.ts';
import { Words } from '../parts/text.tsx';
import { StepButton } from './step-button.tsx';

/** What needs a person most, or what the swarm stands still without, with the one thing to do now. */
export const Banner = ({ isQuestionShown }: { readonly isQuestionShown: boolean }) => {
  const attention = useAttention();
  const now = useNow();
  const need = needInView(attention, null);
  const step = stepNow(attention, null);
  // The question stands there already, with its choices.
  if (need?.kind === 'question' && isQuestionShown) return null;
  if (!need && !step) {
    const besides = stepBesides(attention, null);
    return besides === null || besides.why === '' ? null : (
      <p className="banner calm">
        <span className="banner-text dim">
          <Words text={besides.why} />
        </span>
        <StepButton command={besides.command} kind={besides.kind} className="quiet" />
      </p>
    );
  }
  const others = attention.needs.length - 1;
  return (
    <p className={`banner ${need ? 'pressing' : 'calm'}`}>
      <span className={need ? `sign ${NEED_MARKS[need.kind].style.color}` : 'sign cyan'} aria-hidden="true">
        {need ? NEED_MARKS[need.kind].glyph : '→'}
      </span>
      <span className="banner-text">
        <Words text={withRelativeTimes(need?.text ?? step?.why ?? '', now)} />
        {others > 0 && <span className="dim"> +{others} more</span>}
      </span>
      {step && <StepButton command={step.command} kind={step.kind} className="main" />}
    </p>
  );
};
