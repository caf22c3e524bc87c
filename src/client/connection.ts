import type { AppError } from '../lib/errors.ts';
import { unixTransport } from '../link/unix.ts';
import type { Link, LinkTransport } from '../ports/link.ts';
import type { Reply } from '../ports/swarm.ts';
import type { ClientFrame, NoteFrame, RunFrame } from '../protocol/frame.ts';
import { type DaemonFrame, isDismissal, readDaemonFrame } from './daemon-frame.ts';
import { daemonRefused, notADaemon } from './errors.ts';

/** A link whose other end is a daemon. */
export type Connection = {
  send(frame: ClientFrame): void;
  /** Called with each frame that arrives; nothing is lost that came before it was set. */
  onFrame(listener: (frame: DaemonFrame) => void): void;
  /** Reads no more until `resume`: the other side waits then, and what it has sent already still comes. */
  pause(): void;
  resume(): void;
  /** Resolves at its end; with the reason when the two do not understand each other and trying again is of no use. */
  readonly closed: Promise<AppError | undefined>;
  close(failure?: AppError): void;
};

/** Speaks with a daemon over a link. Frames of kinds that a later version may have are passed over. */
const connectionOver = (link: Link): Connection => {
  let failure: AppError | undefined;
  const close = (why?: AppError): void => {
    failure ??= why;
    link.close();
  };
  void link.ended.then(() => link.close());
  return {
    send: (frame) => void link.send(JSON.stringify(frame)),
    onFrame: (listener) =>
      link.onFrame((text) => {
        if (link.isClosed) return;
        const frame = readDaemonFrame(text);
        if (frame === undefined) close(notADaemon());
        else if (frame?.kind === 'refused' && !frame.error) close(daemonRefused({ why: frame.message }));
        else if (frame) listener(frame);
      }),
    pause: link.pause,
    resume: link.resume,
    closed: link.closed.then(() => failure),
    close,
  };
};

/** Connects to whom listens at an address, a socket of this machine by default; rejects as the transport does. */
export const openConnection = async (
  address: string,
  transport: Pick<LinkTransport, 'connect'> = unixTransport,
): Promise<Connection> => connectionOver(await transport.connect(address));

/** How a request went: its answer, or that the connection was lost before, `dismissed` where the daemon was told to end. */
type Outcome = { readonly reply: Reply } | { readonly reply: undefined; readonly dismissed: boolean };

/** Sends one request over a connection. Rejects when the two sides do not understand each other. */
export const whenAnswered = (connection: Connection, frame: RunFrame | NoteFrame): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    let dismissed = false;
    connection.onFrame((answer) => {
      dismissed ||= isDismissal(answer);
      if (answer.kind === 'reply' && answer.id === frame.id) resolve({ reply: answer.reply });
    });
    void connection.closed.then((failure) => (failure ? reject(failure) : resolve({ reply: undefined, dismissed })));
    connection.send(frame);
  });
