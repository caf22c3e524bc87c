// Listens on its standard input and output and passes what it hears on to a socket, and back, no faster than is read.
import { pipeTransport } from '../../src/link/pipe.ts';
import { unixTransport } from '../../src/link/unix.ts';
import type { Link } from '../../src/ports/link.ts';

const passOn = (from: Link, to: Link): void => {
  from.onFrame((frame) => {
    if (to.send(frame)) return;
    from.pause();
    void to.drained().then(() => from.resume());
  });
  void from.ended.then(() => to.end());
  void from.closed.then(() => to.drained()).then(() => to.close());
};

await pipeTransport.listen('stdio', async (near) => {
  const far = await unixTransport.connect(process.argv[2]!);
  // Before the end is passed on: what a person says last may have no line feed.
  void near.ended.then((rest) => rest !== '' && far.send(rest));
  passOn(near, far);
  passOn(far, near);
});
