import { accessSync, constants, statSync } from 'node:fs';

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
};

/** The file that a shell with this PATH would run for a program's name; undefined when there is none. */
export const programIn = (path: string, program: string): string | undefined =>
  program.includes('/')
    ? [program].find(isProgram)
    : path
        .split(':')
        .map((folder) => `${folder || '.'}/${program}`)
        .find(isProgram);
