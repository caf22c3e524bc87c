import type { Audit } from '../../audit/open.ts';
import { AppError } from '../../lib/errors.ts';
import { oneLine, shorten } from '../../lib/text.ts';
import type { Reply } from '../../ports/swarm.ts';
import { denied } from '../../protocol/errors.ts';
import type { NoteFrame } from '../../protocol/frame.ts';
import { atLeast, needs } from '../../protocol/permission.ts';
import type { DaemonServices } from '../services.ts';
import { actorOf, observedName } from './actor.ts';
import { asReply, correlationOf } from './request-memory.ts';
import { auditNoter } from './requests.ts';
import type { Speaker } from './speaker.ts';

/** So much of what a client says is written down, in characters. */
const LONGEST = 300;

/**
 * Writes down what clients do themselves and what they refuse, under the name of who was seen to do it. What takes a role
 * is judged here, where it is known who speaks.
 */
export const makeNotes = (
  services: DaemonServices,
  audit: Pick<Audit, 'note'>,
): ((frame: NoteFrame, speaker: Speaker) => Promise<Reply>) => {
  const noteDecided = auditNoter(services, audit);
  return async (frame, speaker) => {
    const corr = correlationOf(frame);
    const name = observedName(speaker, frame);
    const command = shorten(oneLine(frame.command), LONGEST);
    let role = 'none';
    const write = (decision: NoteFrame['decision'], exit: number, result: string): Promise<void> =>
      noteDecided(
        { actor: name, role, seen: speaker.because, corr },
        { command, targets: [], decision, exit, result: shorten(oneLine(result), LONGEST) },
      );
    try {
      const actor = await actorOf(services, speaker, frame);
      role = actor.role;
      const { least } = frame;
      if (least !== undefined && !atLeast(actor.role, least))
        throw denied({ actor: name, command, needs: needs(least, actor.doubt) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      await write('denied', error.exit, error.message);
      return { ...asReply(error, corr), hint: error.hint, data: { code: error.code } };
    }
    await write(frame.decision, frame.decision === 'denied' ? 4 : 0, frame.result);
    return { ...asReply({ exit: 0, message: 'It is written down.' }, corr), data: { role } };
  };
};
