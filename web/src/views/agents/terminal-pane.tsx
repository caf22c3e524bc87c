import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { useEffect, useRef, useState } from 'react';
import { useKeyboard, useScheme, useStore } from '../../link/use-swarm.ts';
import type { Scheme } from '../../model/own-colour.ts';
import { openStyled, stylingDocument } from './styling-document.ts';
import { terminalColours } from './terminal-colours.ts';

const SCROLLBACK = 5000;
const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";
const LARGEST = 14;
const SMALLEST = 6;

/** A terminal that only shows: what a program asks of it is answered by the terminal that it really has. */
const makeTerminal = (scheme: Scheme): Terminal => {
  const terminal = new Terminal({
    cols: 80,
    rows: 24,
    scrollback: SCROLLBACK,
    disableStdin: true,
    cursorBlink: false,
    fontFamily: FONT,
    fontSize: LARGEST,
    theme: terminalColours(scheme),
    minimumContrastRatio: 4.5,
    allowProposedApi: true,
    documentOverride: stylingDocument(document),
    logLevel: 'off',
    // Links of agents lead nowhere.
    linkHandler: { activate: () => undefined },
    screenReaderMode: false,
  });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  return terminal;
};

/** The size of letters in which so many columns fit into the width. */
const fontFor = (columns: number, width: number): number =>
  Math.max(SMALLEST, Math.min(LARGEST, Math.floor((width / columns / 0.605) * 2) / 2));

/** The terminal of an agent, live; it has the size that the agent sees, in letters that fit. */
export const TerminalPane = ({ id }: { readonly id: string }) => {
  const { terminals } = useStore();
  const scheme = useScheme();
  const isTyping = useKeyboard().instance === id;
  const place = useRef<HTMLDivElement>(null);
  const shown = useRef<Terminal | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other colours need no other terminal.
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const terminal = makeTerminal(scheme);
    shown.current = terminal;
    openStyled(document, () => terminal.open(element));
    const scale = (): void => {
      terminal.options.fontSize = fontFor(terminal.cols, element.clientWidth - 16);
    };
    const observer = new ResizeObserver(scale);
    observer.observe(element);
    const leave = terminals.follow(id, {
      reset: ({ cols, rows, text }) => {
        setTrouble(null);
        terminal.reset();
        terminal.resize(cols, rows);
        scale();
        terminal.write(text);
      },
      data: (text) => terminal.write(text),
      ended: setTrouble,
    });
    return () => {
      leave();
      observer.disconnect();
      terminal.dispose();
      shown.current = null;
    };
  }, [id, terminals]);
  useEffect(() => {
    if (shown.current) shown.current.options.theme = terminalColours(scheme);
  }, [scheme]);
  useEffect(() => {
    // The field that hears the keys is another one, so the emulator never has the cursor itself.
    if (shown.current) shown.current.options.cursorInactiveStyle = isTyping ? 'block' : 'outline';
  }, [isTyping]);
  return (
    <>
      {trouble !== null && <p className="soft yellow">{trouble}</p>}
      <div ref={place} className="terminal-place" data-terminal={id} />
    </>
  );
};
