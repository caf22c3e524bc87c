// A client on a lasting connection in a process of its own, which is killed in the middle: it tells each line before it says it, and
// when it was acknowledged.
import { openReplica } from '../../dist/client/replica.js';
import { makeModel } from './model.ts';

const { paths, env, seed, name } = JSON.parse(process.argv[2]);
const view = () => ({ columns: 120, color: false });
const replica = await openReplica({ paths, env, view, actor: 'cli' });
const model = makeModel(seed, name);
const tell = (what, { thing, value }) => process.stdout.write(`${JSON.stringify({ what, thing, value })}\n`);

for (let n = 0; ; n += 1) {
  const said = model.next();
  tell('said', said);
  const reply = await replica.run(said.text, { id: `${name}-${n}` }).catch(() => undefined);
  // Without an answer nobody knows: it is not said again here.
  if (reply?.exit !== 0) break;
  model.acknowledge(said);
  tell('acknowledged', said);
}
