import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

type Props<Item> = {
  readonly items: readonly Item[];
  /** The height of each row in pixels. */
  readonly rowHeight: number;
  readonly keyOf: (item: Item) => string | number;
  readonly children: (item: Item, index: number) => ReactNode;
  readonly label: string;
  readonly className?: string;
  /** Stays at the end while it grows, unless somebody has scrolled away from there. */
  readonly followsEnd?: boolean;
};

/** So many rows beyond the edge are there already, so that scrolling meets no gap. */
const BEYOND = 6;
/** This near to the end counts as there. */
const NEAR_PX = 24;

/** How high an element is, also after it was resized. */
const useHeight = (ref: RefObject<HTMLElement | null>): number => {
  const [height, setHeight] = useState(600);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    setHeight(element.clientHeight);
    return () => observer.disconnect();
  }, [ref]);
  return height;
};

/** A list of rows of one height that draws only what is in view, however long it is. */
export const VirtualList = <Item,>(props: Props<Item>) => {
  const { items, rowHeight, keyOf, children, label, className = '', followsEnd = false } = props;
  const ref = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [top, setTop] = useState(0);
  const height = useHeight(ref);
  useEffect(() => {
    const element = ref.current;
    if (followsEnd && isAtEnd.current && element && items.length > 0) element.scrollTop = element.scrollHeight;
  }, [followsEnd, items]);
  const first = Math.max(0, Math.floor(top / rowHeight) - BEYOND);
  const last = Math.min(items.length, Math.ceil((top + height) / rowHeight) + BEYOND);
  return (
    // The keyboard scrolls it as well.
    <section
      ref={ref}
      className={`virtual ${className}`}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
        setTop(scrollTop);
      }}
    >
      <ul style={{ height: items.length * rowHeight }}>
        {items.slice(first, last).map((item, i) => (
          <li key={keyOf(item)} style={{ top: (first + i) * rowHeight, height: rowHeight }}>
            {children(item, first + i)}
          </li>
        ))}
      </ul>
    </section>
  );
};
