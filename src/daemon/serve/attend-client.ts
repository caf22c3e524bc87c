import type { Link } from '../../ports/link.ts';
import type { Reply } from '../../ports/swarm.ts';
import { type NoteFrame, type RunFrame, readClientFrame } from '../../protocol/frame.ts';
import type { Followers } from './followers.ts';
import type { Introductions } from './introductions.ts';
import type { Speaker } from './speaker.ts';

/** What a client may ask for. */
export type Desk = {
  /** Answers a request of somebody who speaks. */
  readonly run: (frame: RunFrame, speaker: Speaker) => Promise<Reply>;
  /** Writes something down that is no command of the language, and says whether it may be done. */
  readonly note: (frame: NoteFrame, speaker: Speaker) => Promise<Reply>;
  /** Called when an answer was handed to the client: a command that ends the daemon ends it then, not before. */
  readonly answered: (correlation: string) => void;
  readonly followers: Followers;
  readonly introductions: Introductions;
  readonly log: (line: string) => void;
};

const sendWords = (link: Link, { text, hint }: Reply): void => {
  for (const line of `${text}${hint ? `\n${hint}` : ''}`.split('\n')) link.send(line);
};

/** A client: its link, and who it is. */
type Client = { readonly link: Link; readonly speaker: Promise<Speaker> };

const answerFrame = async (text: string, client: Client, desk: Desk): Promise<void> => {
  const { run, note, answered, followers, introductions } = desk;
  const { link } = client;
  if (text.trim() === '') return;
  const frame = readClientFrame(text);
  if (!frame) {
    link.send(JSON.stringify({ kind: 'refused', message: 'not a frame of this version' }));
    return link.end();
  }
  if (frame.kind === 'ping') return void link.send(JSON.stringify({ kind: 'pong' }));
  if (frame.kind === 'subscribe') {
    if (frame.actor !== undefined) introductions.add(link, client.speaker, frame.actor);
    return followers.add(link, frame);
  }
  if (frame.kind === 'note') {
    const reply = await note(frame, await client.speaker);
    return void link.send(JSON.stringify({ kind: 'reply', id: frame.id, reply }));
  }
  const reply = await run(frame, await client.speaker);
  // Somebody who spoke in words is answered in words.
  if (frame.id === '' && !text.startsWith('{')) sendWords(link, reply);
  else link.send(JSON.stringify({ kind: 'reply', id: frame.id, reply }));
  answered(reply.correlation);
};

/** Answers a client until it leaves; gives the requests that are being carried out for it. */
export const attendClient = (client: Client, desk: Desk): ReadonlySet<Promise<void>> => {
  const { link } = client;
  const open = new Set<Promise<void>>();
  const take = (text: string): void => {
    const job: Promise<void> = answerFrame(text, client, desk)
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
