import { expect, test, vi } from 'vitest';
import type { Note } from '../../src/client/request.ts';
import { wrongToken } from '../../src/web/errors.ts';
import { openRefusals } from '../../src/web/refusals.ts';

const refused = { who: undefined, what: 'POST /api/login', from: '::1', why: wrongToken() };

test('[WEB-6] a refusal is an entry of the audit, with who and what, and without the words that were given', async () => {
  const notes: Note[] = [];
  const { add, close } = openRefusals({ note: async (note) => notes.push(note) > 0, now: () => 0 });
  add(refused);
  add({ ...refused, who: 'phone', what: 'GET /api/\u001b[2Jstate' });
  await vi.waitFor(() => expect(notes).toHaveLength(2));
  expect(notes).toEqual([
    {
      ...{ actor: 'web', command: 'web: POST /api/login from ::1', decision: 'denied' },
      result: 'The token lets nobody in: it is wrong, used up, revoked or out of date. (web/wrong-token)',
    },
    expect.objectContaining({ actor: 'web:phone', command: 'web: GET /api/state from ::1' }),
  ]);
  close();
});

test('[WEB-6] whoever is refused a thousand times fills neither the audit nor the memory', async () => {
  const notes: Note[] = [];
  let now = 0;
  const { add, close } = openRefusals({ note: async (note) => notes.push(note) > 0, now: () => now });
  for (let i = 0; i < 1000; i += 1) add(refused);
  now = 60_000;
  add(refused);
  await vi.waitFor(() => expect(notes).toHaveLength(32));
  expect(notes[30]).toMatchObject({ command: 'web: 970 more requests' });
  close();
});

test('[WEB-6] what no daemon can write down waits for one, in order', async () => {
  vi.useFakeTimers();
  try {
    const notes: string[] = [];
    let isThere = false;
    const note = async ({ command }: Note): Promise<boolean> => isThere && notes.push(command) > 0;
    const { add, close } = openRefusals({ note, now: Date.now });
    add({ ...refused, what: 'one' });
    add({ ...refused, what: 'two' });
    await vi.advanceTimersByTimeAsync(5000);
    expect(notes).toEqual([]);
    isThere = true;
    await vi.advanceTimersByTimeAsync(5000);
    expect(notes).toEqual(['web: one from ::1', 'web: two from ::1']);
    close();
  } finally {
    vi.useRealTimers();
  }
});
