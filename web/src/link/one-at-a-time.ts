/** Work that is done once at a time: who asks for it meanwhile, or the work itself, has it done once more after that. */
export const oneAtATime = (work: () => Promise<boolean>): (() => Promise<void>) => {
  let isBusy = false;
  let isWanted = false;
  return async () => {
    isWanted = true;
    if (isBusy) return;
    isBusy = true;
    try {
      while (isWanted) {
        isWanted = false;
        if (await work()) isWanted = true;
      }
    } finally {
      isBusy = false;
    }
  };
};
