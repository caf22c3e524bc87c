import { locate } from '../client/locate.ts';
import { makeMask } from '../lib/mask.ts';
import { makeRedact, type Redact } from '../lib/redact.ts';
import type { ScreenSink } from '../ports/swarm.ts';
import { secretPlaces } from '../secrets/places.ts';
import { openSecrets } from '../secrets/store.ts';
import type { Io } from './io.ts';

const secretsHere = (io: Io): Promise<readonly string[]> => {
  const now = () => new Date().toISOString();
  const secrets = openSecrets({ ...secretPlaces(locate(io.cwd, io.env), io.env), now });
  return secrets.values().catch(() => []);
};

/** Takes secrets, the person's own first of all, out of what this process reads and shows by itself. */
export const redactHere = async (io: Io): Promise<Redact> => makeRedact(await secretsHere(io));

/** Shows what terminals of agents print, with these secrets under stars. */
export const maskSecrets = (secrets: readonly string[]) => {
  const mask = makeMask(secrets.map((one) => Buffer.from(one)));
  const redact = (text: string): string =>
    secrets.reduce((now, one) => now.replaceAll(one, '*'.repeat(one.length)), text);
  return {
    sink: (sink: ScreenSink): ScreenSink => ({
      reset: (screen) => sink.reset({ ...screen, text: redact(screen.text) }),
      data: (bytes) => sink.data(mask(bytes)),
    }),
    async *printed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) yield mask(chunk);
    },
  };
};

/** What this process shows of the terminals of agents, with the person's secrets under stars. */
export const maskHere = async (io: Io) => maskSecrets(await secretsHere(io));
