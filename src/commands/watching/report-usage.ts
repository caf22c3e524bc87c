import { z } from 'zod';
import { NAME } from '../../agents/usage-log.ts';
import { readUsageMessage } from '../../agents/usage-message.ts';
import { denied } from '../../protocol/errors.ts';
import type { State } from '../../state/index.ts';
import { measuredFacts } from '../../state/pricing.ts';
import { costRow, costText } from '../../text/cost-rows.ts';
import { defineCommand } from '../define.ts';
import { badParameter } from '../errors.ts';
import { idsParam, oneInstance } from '../selection.ts';
import { reporterOf } from '../tasks/reported-task.ts';

const count = (text: string) => z.coerce.number().int().min(0).max(1e15).optional().describe(text);

const params = z.object({
  input: count('Tokens of input so far, without those of a cache'),
  output: count('Tokens of output so far'),
  'cache-read': count('Tokens read from a cache so far'),
  'cache-write': count('Tokens written to a cache so far'),
  turns: count('Turns so far'),
  usd: z.coerce.number().min(0).optional().describe('Money so far in US dollars; else it follows from prices, if any'),
  model: z.string().regex(NAME).optional().describe('The model, for its price'),
  conversation: z.string().regex(NAME).optional().describe('What these totals count; the present one by default'),
  context: count('Tokens in the conversation now'),
  window: count('Tokens that it takes at most'),
  id: idsParam.optional().describe('The instance; an agent’s own by default'),
});
type Input = z.infer<typeof params>;

/** The instance that a report is about: an agent’s own alone. */
const reportedInstance = (actor: ReturnType<typeof reporterOf>, state: State, id: readonly string[] | undefined) => {
  const own = actor.instance;
  if (id === undefined && own === null)
    throw badParameter({ command: 'report usage', key: 'id', issue: 'it is not said which instance' });
  const one = oneInstance(state, id ? [...id] : [own!]);
  if (actor.role === 'agent' && one.instance_id !== own)
    throw denied({
      actor: actor.name,
      command: `report usage of ${one.instance_id}`,
      needs: 'An agent reports its own usage only.',
    });
  return one;
};

const readingOf = (input: Input, conversation: string) =>
  readUsageMessage({
    hook_event_name: 'Usage',
    session_id: conversation,
    models: {
      [input.model ?? 'unknown']: {
        input_tokens: input.input,
        output_tokens: input.output,
        cache_read_tokens: input['cache-read'],
        cache_write_tokens: input['cache-write'],
      },
    },
    turns: input.turns,
    usd: input.usd,
    context: input.context === undefined ? null : { used_tokens: input.context, window_tokens: input.window },
  })!;

export const reportUsage = defineCommand({
  verb: 'report',
  noun: 'usage',
  summary: 'Say what an agent has used since its conversation began; said again, it is not counted again',
  example: 'report usage input=12000 output=800 model=some-model',
  role: 'operator',
  agents: true,
  modifiers: [],
  target: 'none',
  one: 'instance',
  reads: false,
  effects: 'counts tokens and money, which may use up a budget',
  params,
  result: z.object({ instance_id: z.string(), task: z.string().nullable() }),
  refuses: ({ state, reader }, { id }) => void reportedInstance(reporterOf(reader), state, id),
  run: async (context, input) => {
    let task: string | null = null;
    let instance_id = '';
    await context.decide((state) => {
      const one = reportedInstance(context.actor, state, input.id);
      instance_id = one.instance_id;
      task = one.task_assignments.find((each) => state.tasks[each]?.state === 'running') ?? null;
      const conversation = input.conversation ?? one.conversation ?? 'reported';
      const { prices } = context.settings;
      return measuredFacts(state, { instance: instance_id, task, prices }, readingOf(input, conversation));
    });
    const all = context.store.state.usage.instances[instance_id];
    const sum = all ? ` ${instance_id} has used ${costText(costRow(instance_id, all, {}))}.` : '';
    return { message: `Noted.${sum}`, data: { instance_id, task } };
  },
});
