import { type RefObject, useLayoutEffect, useState } from 'react';

/** What lies so far beyond the edges is drawn as well, so that scrolling meets no gap. */
const BEYOND = 240;

/** A part of a drawing, in its own measure. */
type View = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

/** What of a drawing is to be seen that scrolls, and a little more. */
export const useScrollView = (ref: RefObject<HTMLElement | null>, zoom: number): View => {
  const [view, setView] = useState<View>({ left: 0, top: 0, right: 1600, bottom: 1000 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    let frame = 0;
    const look = (): void => {
      const { scrollLeft, scrollTop, clientWidth, clientHeight } = element;
      setView({
        left: scrollLeft / zoom - BEYOND,
        top: scrollTop / zoom - BEYOND,
        right: (scrollLeft + clientWidth) / zoom + BEYOND,
        bottom: (scrollTop + clientHeight) / zoom + BEYOND,
      });
    };
    const onScroll = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(look);
    };
    const observer = new ResizeObserver(onScroll);
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    look();
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [ref, zoom]);
  return view;
};
