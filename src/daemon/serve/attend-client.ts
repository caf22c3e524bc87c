import type { Link } from '../../ports/link.ts';
import type { Reply } from '../../ports/swarm.ts';
import { type RunFrame, readClientFrame } from '../../protocol/frame.ts';
import type { Followers } from './followers.ts';

/** What a client may ask for. */
export type Desk = {
  readonly run: (frame: RunFrame) => Promise<Reply>;
  /** Called when an answer was handed to the client: a command that ends the daemon ends it then, not before. */
  readonly answered: (correlation: string) => void;
  readonly followers: Followers;
  readonly log: (line: string) => void;
};

const sendWords = (link: Link, { text, hint }: Reply): void => {
  for (const line of `${text}${hint ? `\n${hint}` : ''}`.split('\n')) link.send(line);
};

const answerFrame = async (text: string, link: Link, { run, answered, followers }: Desk): Promise<void> => {
  if (text.trim() === '') return;
  const frame = readClientFrame(text);
  if (!frame) {
    link.send(JSON.stringify({ kind: 'refused', message: 'not a frame of this version' }));
    return link.end();
  }
  if (frame.kind === 'ping') return void link.send(JSON.stringify({ kind: 'pong' }));
  if (frame.kind === 'subscribe') return followers.add(link, frame);
  const reply = await run(frame);
  // Somebody who spoke in words is answered in words.
  if (frame.id === '' && !text.startsWith('{')) sendWords(link, reply);
  else link.send(JSON.stringify({ kind: 'reply', id: frame.id, reply }));
  answered(reply.correlation);
};

/** Answers a client until it leaves; gives the requests that are being carried out for it. */
export const attendClient = (link: Link, desk: Desk): ReadonlySet<Promise<void>> => {
  const open = new Set<Promise<void>>();
  const take = (text: string): void => {
    const job: Promise<void> = answerFrame(text, link, desk)
      .catch((error: unknown) => {
        desk.log(`a request failed: ${(error as Error).stack ?? error}`);
        link.close();
      })
      .finally(() => open.delete(job));
    open.add(job);
  };
  link.onFrame(take);
  // `echo status | nc -U …` says all it has to say, maybe without a last line feed, and then waits for the answer.
  void link.ended
    .then((rest) => {
      take(rest);
      return Promise.all(open);
    })
    .then(() => link.end());
  return open;
};
