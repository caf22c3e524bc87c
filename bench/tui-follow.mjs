import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { limited, quantile, spread } from './figures.mjs';
import { inSandbox } from './sandbox.mjs';
import { openView } from './tui-keys.mjs';

const SIZE = { columns: 120, rows: 36 };

/** What is typed into the terminal of an agent, as by somebody who attached it, until the screen of Drover has what comes of it. */
export const follow = {
  title: 'from the terminal of an agent to the screen: what it prints, and how it is',
  measure: ({ quick }) =>
    inSandbox({ env: { DROVER_REHEARSAL_TASK_MS: '1' } }, async (box) => {
      const { data } = await box.say('launch 1 instance agent=rehearsal');
      const [{ session }] = data;
      const view = openView(box, SIZE);
      try {
        await view.until((screen) => screen().includes('no model is asked'));
        const brief = join(box.folder, 'brief.md');
        writeFileSync(brief, '# Task q: Ask\n\nrehearse: ask Which?\n');
        const until = async (text, ...keys) => {
          const shown = view.until((screen) => screen().includes(text));
          const begun = performance.now();
          box.tmux('send-keys', '-t', `=${session}:`, ...keys);
          return (await shown) - begun;
        };
        const tries = quick ? 10 : 50;
        const printed = [];
        for (let n = 1; n <= tries; n += 1) printed.push(await until(`heard: mark-${n}-`, `mark-${n}-`, 'Enter'));
        const moved = [];
        for (let n = 1; n <= tries / 2; n += 1) {
          moved.push(await until('? 1 waiting', `Task q${n}: read ${brief}`, 'Enter'));
          moved.push(await until('○ 1 idle', 'C-c'));
        }
        return {
          limits: [
            limited('from what an agent prints to the screen, p95', quantile(printed, 0.95), 1000, 'ms'),
            limited('from a change of its state to the screen, p95', quantile(moved, 0.95), 1000, 'ms'),
          ],
          figures: { tries, printed_ms: spread(printed), moved_ms: spread(moved) },
        };
      } finally {
        await view.close();
      }
    }),
};
