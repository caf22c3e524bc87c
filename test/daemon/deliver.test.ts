import { expect, test } from 'vitest';
import { boxReader } from '../../src/agents/input-box.ts';
import { typeLine } from '../../src/daemon/deliver.ts';
import type { World } from '../../src/daemon/world.ts';
import type { Instance } from '../../src/state/instances.ts';

/** A program with an input box, as its terminal shows it. */
type Program = { box: string | undefined; sent: string[]; deafFor: number; slowFor: number };

const BRIEF = { box: 300, taken: 80 };
const RULE = '─'.repeat(20);

/** A world in which one program can be typed into: the first Enters get lost, the first looks still show nothing. */
const worldOf = (program: Program, options: { readable?: boolean } = {}) => {
  const typed: string[] = [];
  const log: string[] = [];
  let remembered: string | undefined;
  const enter = () => {
    if (program.deafFor > 0) program.deafFor -= 1;
    else {
      program.sent.push(program.box ?? '');
      program.box = '';
    }
  };
  const tmux = {
    capture: async () => {
      if (program.slowFor > 0) {
        program.slowFor -= 1;
        return 'starting';
      }
      return program.box === undefined ? 'a dialog' : `${RULE}\n> ${program.box}\n${RULE}\n`;
    },
    type: async (
      _pane: string,
      text: string,
      { enter: send = false, once }: { enter?: boolean; once?: string } = {},
    ) => {
      if (once !== undefined && once === remembered) return;
      remembered = once;
      typed.push(text);
      program.box = `${program.box ?? ''}${text}`;
      if (send) enter();
    },
    press: async () => enter(),
  };
  const readBox = options.readable === false ? {} : { readBox: boxReader(/^> /u, /^─+/u) };
  const world = { tmux, adapterFor: () => readBox, log: (line: string) => log.push(line), signal: undefined };
  return { world: world as unknown as World, typed, log };
};

const instance = { instance_id: 'a-1', agent: 'a', pane: '%1', state: { kind: 'working' } } as unknown as Instance;
const program = (changes: Partial<Program> = {}): Program => ({
  box: '',
  sent: [],
  deafFor: 0,
  slowFor: 0,
  ...changes,
});

test('a line is typed when the box is there, and sent once', async () => {
  const slow = program({ slowFor: 3 });
  const { world, typed } = worldOf(slow);
  await typeLine(world, instance, { text: 'do it', once: 't1 1' }, BRIEF);
  expect([typed, slow.sent, slow.box]).toEqual([['do it'], ['do it'], '']);
});

test('an Enter that got lost is pressed again while the text still stands there', async () => {
  const deaf = program({ deafFor: 1 });
  const { world, typed, log } = worldOf(deaf);
  await typeLine(world, instance, { text: 'do it' }, BRIEF);
  expect([typed, deaf.sent, log]).toEqual([['do it'], ['do it'], []]);
});

test('what was typed and sent before is not sent again', async () => {
  const one = program();
  const { world, typed } = worldOf(one);
  await typeLine(world, instance, { text: 'do it', once: 't1 1' }, BRIEF);
  await typeLine(world, instance, { text: 'do it', once: 't1 1' }, BRIEF);
  expect([typed, one.sent]).toEqual([['do it'], ['do it']]);
});

test('a program whose box cannot be read, or that is frozen, gets text and Enter at once', async () => {
  const plain = program();
  await typeLine(worldOf(plain, { readable: false }).world, instance, { text: 'do it', once: 't1 1' }, BRIEF);
  expect(plain.sent).toEqual(['do it']);
  const frozen = program();
  await typeLine(
    worldOf(frozen).world,
    { ...instance, state: { ...instance.state, kind: 'paused' } },
    { text: 'do it' },
    BRIEF,
  );
  expect(frozen.sent).toEqual(['do it']);
});

test('a text that never leaves the box is told of', async () => {
  const { world, log } = worldOf(program({ deafFor: 100 }));
  await typeLine(world, instance, { text: 'do it' }, BRIEF);
  expect(log).toEqual(['a-1 leaves what was typed in its input box']);
});
