import { expect, test, vi } from 'vitest';
import { moved, reply, START } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';
import { alert } from '../panels/draw-panel.ts';
import { waitingAgents } from './open-question.ts';

test('[AGT-5] an answer is sent to the agent that asked, and it is said when that goes on', async () => {
  const { type, see, swarm, gone } = openView([...waitingAgents, alert('info')]);
  await see('? waiting');
  type('\u001Bn');
  await see('▶ rehearsal-2');
  type('\r');
  await see('? rehearsal-2 asks');
  swarm.answer = async (command) => reply({ message: `did ${command}` });
  type('port "80"\r');
  await see('sent, and not taken yet');
  expect(swarm.ran).toEqual([{ text: `answer rehearsal-2 since=${START} "port \\"80\\""`, confirm: undefined }]);
  swarm.apply(moved('rehearsal-2', 'working'));
  await see('✔ Sent "port "80"" to rehearsal-2');
  await gone('rehearsal-2 asks');
});

test('[AGT-5] an answer that did not arrive keeps the dialogue with what was typed', async () => {
  const { type, see, swarm } = openView(waitingAgents);
  await see('? waiting');
  type('\u001B[C\r');
  await see('? rehearsal-2 asks');
  swarm.answer = async () => reply({ exit: 1, message: 'Its terminal is gone.', hint: 'Restart it.' });
  type('80\r');
  await see('Its terminal is gone. Restart it.');
  await see('› 80');
  swarm.answer = () => Promise.reject(new Error('no daemon'));
  type('\r');
  await see('no daemon');
  swarm.answer = () => Promise.reject('odd');
  type('\r');
  await see('odd');
  swarm.apply(moved('rehearsal-2', 'waiting', 'Which name?'));
  await see('It asks something else now.');
  type('\r');
  await see('Which name?');
  await see('It asks something else now: nothing was sent.');
  expect(swarm.ran).toHaveLength(3);
});

test('an agent that got its answer and still asks is not said to go on', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { sendAnswer } = await import('../../../src/tui/answering/send-answer.ts');
    const { fakeSwarm } = await import('../fake-swarm.ts');
    const { questionOf } = await import('../../../src/attention/question.ts');
    const swarm = fakeSwarm(waitingAgents);
    const { mark } = questionOf(swarm.state.instances['rehearsal-2']!)!;
    const said: unknown[] = [];
    const teller = { apply: (told: unknown) => void said.push(told), draw: () => undefined };
    const effect = { kind: 'answer', instance: 'rehearsal-2', since: START, mark, answer: '80' } as const;
    const sending = sendAnswer(swarm, teller, effect);
    await vi.advanceTimersByTimeAsync(10_000);
    await sending;
    await sendAnswer(swarm, teller, { ...effect, mark: 'old' });
    await sendAnswer(swarm, teller, { ...effect, instance: 'nobody' });
    expect(said).toMatchObject([
      { trouble: 'It was sent, but rehearsal-2 still asks. Look at it: attach rehearsal-2' },
      { trouble: 'It asks something else now: nothing was sent.' },
      { trouble: 'It asks something else now: nothing was sent.' },
    ]);
    expect(swarm.ran).toHaveLength(1);
    swarm.answer = async () => reply({ data: { confirmed: true } });
    await sendAnswer(swarm, teller, effect);
    expect(said.at(-1)).toMatchObject({ trouble: null });
  } finally {
    vi.useRealTimers();
  }
});
