import { useEffect } from 'react';
import { hashOf, VIEWS, type View } from '../model/route.ts';

type Keys = {
  readonly onCommand: () => void;
  readonly onHelp: () => void;
  /** The next agent that needs somebody. */
  readonly onNext: () => void;
};

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement &&
  target.closest('input, textarea, select, [contenteditable], .terminal-place, dialog') !== null;

const isPalette = ({ key, ctrlKey, metaKey }: KeyboardEvent): boolean => key === 'k' && (ctrlKey || metaKey);

/** What a key means on the page; nothing for those that are somebody else's. */
const keyOf = (event: KeyboardEvent): string | null => {
  if (isPalette(event)) return ':';
  const isOthers = isTyping(event) || event.ctrlKey || event.metaKey || event.altKey;
  return isOthers ? null : event.key;
};

const viewOf = (key: string): View | undefined => (/^[1-9]$/u.test(key) ? VIEWS[Number(key) - 1] : undefined);

const openView = (view: View): void => {
  window.location.hash = hashOf(view);
};

/** The keys of the screen, where nobody types: numbers open views, `:` a command, `/` a search, `n` who needs somebody. */
export const useKeys = ({ onCommand, onHelp, onNext }: Keys): void => {
  useEffect(() => {
    const acts: Readonly<Record<string, () => void>> = {
      ':': onCommand,
      '?': onHelp,
      n: onNext,
      '/': () => document.querySelector<HTMLElement>('input[type="search"]')?.focus(),
    };
    const onKey = (event: KeyboardEvent): void => {
      const key = keyOf(event);
      if (key === null) return;
      const view = viewOf(key);
      const act = view ? () => openView(view) : acts[key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [onCommand, onHelp, onNext]);
};
