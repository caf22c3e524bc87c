import type { Tell } from './spool.ts';

/** What a piece of work would have used of a model; `usd` is null where nobody reckons it. */
export type Spending = { readonly input: number; readonly output: number; readonly usd: number | null };

const AMOUNT = /^(?<input>\d{1,12})(?:\s*\+\s*(?<output>\d{1,12}))?(?:\s+\$(?<usd>\d+(?:\.\d+)?))?$/u;

/** `1200+300 $0.05`: tokens of input and output, and money. */
export const spendingOf = (text: string): Spending => {
  const { input = '1000', output = '100', usd } = AMOUNT.exec(text.trim())?.groups ?? {};
  return { input: Number(input), output: Number(output), usd: usd === undefined ? null : Number(usd) };
};

const MODEL = 'rehearsal';

/** Adds up what is spent in this program's time, and says totals as agents do. */
export const openPurse = (tell: Tell): ((use: Spending) => void) => {
  // Each start counts for itself: what was said before a crash is known already, and stays so.
  const session_id = `rehearsal-${process.pid}-${Date.now()}`;
  let [input, output, turns] = [0, 0, 0];
  let usd: number | null = 0;
  return (use) => {
    input += use.input;
    output += use.output;
    turns += 1;
    usd = use.usd === null || usd === null ? null : usd + use.usd;
    const models = { [MODEL]: { input_tokens: input, output_tokens: output } };
    const context = { used_tokens: input + output, window_tokens: 200_000 };
    tell('Usage', { session_id, models, turns, usd, context });
  };
};
