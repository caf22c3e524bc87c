/** Who wants to hear of changes; told once for all changes of a frame, and four times a second while nobody looks. */
export const openListeners = () => {
  const listeners = new Set<() => void>();
  let isDue = false;
  const tell = (): void => {
    isDue = false;
    for (const listener of listeners) listener();
  };
  return {
    notify: (): void => {
      if (isDue) return;
      isDue = true;
      // Pages in the background draw no frames.
      if (document.hidden) setTimeout(tell, 250);
      else requestAnimationFrame(tell);
    },
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
