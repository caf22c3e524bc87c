import type { Actor } from '../../commands/define.ts';
import { messageOf } from '../../lib/errors.ts';
import type { Link } from '../../ports/link.ts';
import type { Speaker } from './speaker.ts';

/** Tells clients whom the daemon takes them for, so that they are offered nothing that is refused. */
export type Introductions = {
  /** Tells a client that calls itself so, and again whenever that has changed. */
  add(link: Link, speaker: Promise<Speaker>, name: string): void;
  /** Other settings may give somebody another role. */
  settingsChanged(): void;
};

type Introduced = { readonly speaker: Promise<Speaker>; readonly name: string; told: string };

export const openIntroductions = (
  recognise: (speaker: Speaker, name: string) => Promise<Actor>,
  log: (line: string) => void,
): Introductions => {
  const all = new Map<Link, Introduced>();
  const tell = async (link: Link, one: Introduced): Promise<void> => {
    const { name, role, doubt } = await recognise(await one.speaker, one.name);
    const frame = JSON.stringify({
      kind: 'identity',
      identity: { name, role, ...(doubt === undefined ? {} : { doubt }) },
    });
    if (link.isClosed || frame === one.told) return;
    one.told = frame;
    link.send(frame);
  };
  const tellOrLog = (link: Link, one: Introduced): void =>
    void tell(link, one).catch((error: unknown) => log(`a client could not be told who it is: ${messageOf(error)}`));
  return {
    add: (link, speaker, name) => {
      const one = { speaker, name, told: '' };
      all.set(link, one);
      void link.closed.then(() => all.delete(link));
      tellOrLog(link, one);
    },
    settingsChanged: () => {
      for (const [link, one] of all) tellOrLog(link, one);
    },
  };
};
