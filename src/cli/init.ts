import { accessSync, constants } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { locate } from '../client/locate.ts';
import { privateFolder } from '../client/start.ts';
import { findRepository } from '../git/open.ts';
import { openProcesses } from '../process/broker.ts';
import type { Flags, Io } from './io.ts';
import { readOptions } from './options.ts';
import { printLine } from './print.ts';

const EXCLUDED = ['# Files that Drover makes', '/.drover/local/'];

const exists = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const inPath = (program: string, path: string): boolean =>
  path.split(':').some((folder) => exists(`${folder}/${program}`));

/** Writes a file unless it is there; whether it was written. */
const writeNew = async (file: string, text: string): Promise<boolean> => {
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
};

const exclude = async (commonDir: string): Promise<boolean> => {
  const file = `${commonDir}/info/exclude`;
  const text = await readFile(file, 'utf8').catch(() => '');
  const missing = EXCLUDED.filter((line) => !text.split('\n').includes(line));
  if (missing.length === 0) return false;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`);
  return true;
};

/** Prepares a repository: configuration, state directory, excluded paths. Doing it again changes nothing. */
export const init = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  readOptions(argv, {});
  const paths = locate(io.cwd, io.env);
  const processes = await openProcesses({ forked: false });
  try {
    await findRepository(paths.root, processes, io.env);
  } finally {
    await processes[Symbol.asyncDispose]();
  }
  const agent = inPath('claude', io.env['PATH'] ?? '') ? 'claude' : 'rehearsal';
  const written = await writeNew(paths.config, `${JSON.stringify({ agent }, null, 2)}\n`);
  const excluded = await exclude(paths.commonDir);
  privateFolder(paths.state);
  const data = { root: paths.root, config: paths.config, state: paths.state, changed: written || excluded, agent };
  if (flags.json || flags.jsonl) printLine(io.stdout, JSON.stringify(data, null, flags.json ? 2 : 0));
  else if (!flags.quiet) {
    printLine(
      io.stdout,
      written
        ? `Wrote ${paths.config} (agent: ${agent}).`
        : data.changed
          ? `${paths.config} is there already and stays as it is.`
          : `${paths.config} is there already; nothing changed.`,
    );
    printLine(io.stdout, 'Next: drover import spec PATH, or drover do \'create task "…"\', then drover.');
  }
  return 0;
};
