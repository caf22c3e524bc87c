import { cpus, loadavg, release } from 'node:os';
import { parseArgs } from 'node:util';
import { rounded } from './figures.mjs';
import { closeAll } from './sandbox.mjs';
import { table } from './table.mjs';

const UNITS = { s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `30s`, `10m` or `1h`. */
const millisecondsOf = (text) => {
  const { count, unit } = /^(?<count>[1-9]\d{0,5})(?<unit>[smh])$/u.exec(text)?.groups ?? {};
  if (unit === undefined) throw new Error(`--kill-every ${text} is no time such as 10m.`);
  return Number(count) * UNITS[unit];
};

const readArguments = (names, usage) => {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true },
        quick: { type: 'boolean' },
        assert: { type: 'boolean' },
        minutes: { type: 'string' },
        seed: { type: 'string' },
        'kill-every': { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    const only = (values.only ?? []).flatMap((value) => value.split(','));
    const unknown = only.find((name) => !names.includes(name));
    if (unknown !== undefined) throw new Error(`There is no measurement "${unknown}".`);
    const { quick = false, assert = false, help = false } = values;
    const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
    if (minutes !== undefined && !(minutes > 0)) throw new Error(`--minutes ${values.minutes} is no time.`);
    const seed = values.seed === undefined ? undefined : Number(values.seed);
    if (seed !== undefined && !Number.isSafeInteger(seed)) throw new Error(`--seed ${values.seed} is no whole number.`);
    const killEvery = values['kill-every'] === undefined ? undefined : millisecondsOf(values['kill-every']);
    return { only: only.length > 0 ? only : names, quick, assert, help, minutes, seed, killEvery };
  } catch (error) {
    process.stderr.write(`${error.message}\n${usage}`);
    process.exit(2);
  }
};

let ended = false;

const leave = (why, code) => {
  if (ended) return;
  ended = true;
  process.stderr.write(`\n${why}\nPutting away what was started …\n`);
  void closeAll().finally(() => process.exit(code));
};

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

const measureAll = async (measurements, { only, quick, minutes, seed, killEvery }) => {
  const results = {};
  for (const name of only) {
    const started = performance.now();
    process.stderr.write(`${name}: ${measurements[name].title} …\n`);
    try {
      results[name] = await measurements[name].measure({ quick, minutes, seed, killEvery });
    } catch (error) {
      if (ended) await new Promise(() => undefined);
      results[name] = { error: error instanceof Error ? error.message : String(error) };
      process.stderr.write(`${name} could not be measured: ${error?.stack ?? error}\n`);
    }
    results[name].took_s = rounded((performance.now() - started) / 1000, 1);
  }
  return results;
};

/**
 * A benchmark as a program: one JSON document on stdout, a table for people on stderr. Exit 1 means that something could not be measured;
 * a missed limit is told, and an error only with `--assert`, or where
 * the benchmark always asserts.
 */
export const runBench = async (script, measurements, { assert = false } = {}) => {
  const names = Object.keys(measurements);
  const usage = `Usage: npm run ${script} -- [--only ${names.join('|')}] [--quick] [--assert] [--minutes N] [--seed S]\n`;
  const options = readArguments(names, usage);
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => leave(signal, code));
  process.on('uncaughtException', (error) => leave(error?.stack ?? String(error), 1));
  const load_before = loadavg()[0];
  const results = await measureAll(measurements, options);
  await closeAll();
  const limits = Object.entries(results).flatMap(([name, { limits: some = [] }]) =>
    some.map((one) => ({ measurement: name, ...one })),
  );
  const failed = Object.keys(results).filter((name) => results[name].error !== undefined);
  const machine = {
    ...{ node: process.version, platform: process.platform, release: release() },
    ...{ cores: cpus().length, load_before: rounded(load_before), quick: options.quick },
  };
  process.stdout.write(
    `${JSON.stringify({ at: new Date().toISOString(), machine, limits, not_measured: failed, results }, null, 2)}\n`,
  );
  process.stderr.write(table(limits, failed));
  const missed = (assert || options.assert) && limits.some(({ ok }) => !ok);
  process.exitCode = failed.length > 0 || missed ? 1 : 0;
};
