// Loaded into daemons before their own code, by NODE_OPTIONS: the clock of the wall goes so many milliseconds before or behind
// the machine's as the file `chaos-clock` in their temporary folder says. The steady clock goes on as it was, as in a real jump.
import { readFileSync } from 'node:fs';

const file = `${process.env.TMPDIR}/chaos-clock`;
/** How soon the daemon is in the new time, in milliseconds. */
const LOOK_MS = 20;

if (/\/daemon\/main\.js$/u.test(process.argv[1] ?? '')) {
  const Real = globalThis.Date;
  let offset = 0;
  const look = () => {
    try {
      offset = Number(readFileSync(file, 'utf8'));
    } catch {
      offset = 0;
    }
  };
  look();
  setInterval(look, LOOK_MS).unref();
  globalThis.Date = class extends Real {
    constructor(...given) {
      if (given.length === 0) super(Real.now() + offset);
      else super(...given);
    }

    static now() {
      return Real.now() + offset;
    }
  };
}
