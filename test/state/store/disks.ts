import { type AppendFile, type OpenFile, realDisk } from '../../../src/state/store/disk.ts';

/** The real disk with some of its operations replaced: each gets the real file. */
export const diskWith =
  (changes: (file: AppendFile) => Partial<AppendFile>): OpenFile =>
  async (path) => {
    const file = await realDisk.open(path, 'a');
    return { ...file, ...changes(file) };
  };

/** An error as the system makes it. */
export const systemError = (code: string): Error => Object.assign(new Error(`${code}: said the system`), { code });
