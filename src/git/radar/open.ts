import { watch as watchFolder } from 'node:fs';
import type { Git } from '../../ports/index.ts';
import { clashTextsWith } from './clash-texts.ts';
import { foreseeWith } from './foresee.ts';
import { openMerges } from './merges.ts';
import { makePacer, type Pacer } from './pacer.ts';
import { radarFolder } from './places.ts';
import { type RadarContext, workWith } from './work.ts';

/** Sees what worktrees hold, committed or not, and which of them would conflict, without writing into any of them. */
export const openRadar = (
  context: RadarContext,
  { pacer = makePacer(), watch = watchFolder }: { readonly pacer?: Pacer; readonly watch?: typeof watchFolder } = {},
): Pick<Git, 'work' | 'foresee' | 'clashTexts'> => {
  const { run, commonDir } = context;
  let place: Promise<string> | undefined;
  const folder = (): Promise<string> => {
    place ??= radarFolder(commonDir);
    return place;
  };
  const shared = { run, commonDir, folder };
  const merge = openMerges(shared);
  return {
    work: workWith({ context, folder, pacer, watch }),
    foresee: foreseeWith({ ...shared, pacer }, merge),
    clashTexts: clashTextsWith(merge),
  };
};
