import type { Audit } from '../../audit/open.ts';
import { asSentence } from '../../lib/errors.ts';
import type { EventDraft } from '../../state/index.ts';
import { repeatRounds, type Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';

const LOOK_MS = 1000;

/** The alert about records of the audit that somebody took away or cut. */
export const harmFacts = (harm: string): EventDraft[] => [
  {
    type: 'alert.raised',
    data: {
      id: 'audit-harmed',
      severity: 'error',
      text: `The audit is not whole: ${asSentence(harm)}`,
      suggestion: 'verify audit',
      instance: null,
      task: null,
    },
  },
];

/** Raises an alert when the audit is harmed, once for each harm: whoever knows of it may put the alert away. */
export const watchAudit = (
  { decide, log, signal }: Pick<DaemonServices, 'decide' | 'log' | 'signal'>,
  audit: Pick<Audit, 'look' | 'harm'>,
): Service => {
  const capabilities = ['tell when somebody removes or cuts the audit'];
  const complaint = 'looking after the audit failed';
  let told: string | null = null;
  return repeatRounds({ name: 'audit-watch', capabilities, complaint, everyMs: LOOK_MS, log, signal }, async () => {
    await audit.look();
    const harm = audit.harm();
    if (harm === null || harm === told) return;
    await decide(() => harmFacts(harm));
    told = harm;
  });
};
