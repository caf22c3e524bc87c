import { useEffect, useRef, useState } from 'react';
import { useStore } from '../../link/use-swarm.ts';
import { type LogLine, makeLogBuffer } from '../../model/log-buffer.ts';

/** Lines come in bursts: they are shown together, this often at most. */
const SHOW_MS = 100;

/** What these agents print, line by line, from now on and from the screen that they had. */
export const useLogLines = (ids: readonly string[]): readonly LogLine[] => {
  const { terminals } = useStore();
  const [buffer] = useState(() => makeLogBuffer(Date.now));
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const key = ids.join(' ');
  useEffect(() => {
    const show = (): void => {
      timer.current = undefined;
      setLines(buffer.lines);
    };
    const showSoon = (): void => {
      timer.current ??= setTimeout(show, SHOW_MS);
    };
    const leave = key
      .split(' ')
      .filter((id) => id !== '')
      .map((id) =>
        terminals.follow(id, {
          reset: ({ text }) => {
            buffer.restart(id);
            if (buffer.push(id, text)) showSoon();
          },
          data: (text) => {
            if (buffer.push(id, text)) showSoon();
          },
        }),
      );
    return () => {
      clearTimeout(timer.current);
      timer.current = undefined;
      for (const end of leave) end();
    };
  }, [key, terminals, buffer]);
  return lines;
};
