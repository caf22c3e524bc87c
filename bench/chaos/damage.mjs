import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a program could leave in the folder of its messages that is none, by the name it has there. */
const DAMAGES = {
  'text.json': (path) => writeFileSync(path, 'no header, and no end'),
  'noise.json': (path) => writeFileSync(path, Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256))),
  'long.json': (path) => writeFileSync(path, Buffer.alloc(3 * 1024 * 1024, 'x')),
  'cut.json': (path, id) => writeFileSync(path, `{"instance":"${id}","token":"`),
  'other.json': (path) => writeFileSync(path, '{"instance":"nobody","token":"wrong"}\n{"hook_event_name":"Stop"}\n'),
  'open.hook': (path, id) => writeFileSync(path, `{"instance":"${id}","source":"hook","token":""}\n{`),
  'link.json': (path, _id, { folder }) => symlinkSync(join(folder, '.gitconfig'), path),
  'folder.json': (path) => mkdirSync(path),
  'pipe.json': (path) => execFileSync('mkfifo', [path]),
};

/** Leaves one of each in the spool of an instance, and beside all spools. */
export const damageSpool = (box, id, step) => {
  for (const [at, folder] of [join(box.paths.spool, id), box.paths.spool].entries())
    for (const [name, leave] of Object.entries(DAMAGES))
      leave(join(folder, `${Date.now()}-${step}${at}-${name}`), id, box);
};
