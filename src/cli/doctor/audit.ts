import { verifyAudit } from '../../audit/chain.ts';
import { messageOf } from '../../lib/errors.ts';
import { shownLine } from '../../lib/text.ts';
import { withDeadline } from '../patience.ts';
import { holderIn } from './daemon.ts';
import { PATIENCE_SHARE, type Probe } from './examination.ts';
import { type Finding, note, ok, warning } from './finding.ts';

type AuditFacts = Awaited<ReturnType<typeof verifyAudit>> & {
  /** A daemon runs: it notes the end of the audit after what it wrote. */
  readonly held: boolean;
};

/** What is to be said about the audit; null where there was no time to read it. */
export const judgeAudit = (facts: AuditFacts | null): readonly Finding[] => {
  if (facts === null)
    return [note('state.audit-unchecked', 'audit', 'is long: there was no time to check it', 'drover audit verify')];
  const { tip, fault, held } = facts;
  if (fault && !(held && fault.file === 'tip')) {
    const cause = `is not as it was written: ${fault.file}, line ${fault.line}: ${shownLine(fault.what)}; what is left of it can be listed`;
    return [{ ...warning('state.audit', 'audit', cause, 'drover audit verify'), label: 'look at it with' }];
  }
  return tip.seq === 0 ? [] : [ok('state.audit', 'audit', `${tip.seq} records, each as it was written`)];
};

/** The record of what was commanded. */
export const probeAudit: Probe = async ({ place, patience }) => {
  if (!place) return [];
  const holder = await holderIn(place.lock);
  const held = holder?.alive === true && holder.ours;
  const checking = verifyAudit(place.audit).catch((thrown: unknown) => messageOf(thrown));
  const checked = await withDeadline(checking, null, patience * PATIENCE_SHARE);
  if (typeof checked === 'string')
    return [warning('state.audit', 'audit', `cannot be read: ${shownLine(checked)}`, 'drover audit verify')];
  return judgeAudit(checked && { ...checked, held });
};
