import { shown, shownLine, withoutControls } from '../../../src/lib/text.ts';

/** One line of what others wrote: nothing in it acts, and what nobody would see is written out. */
export const Words = ({ text }: { readonly text: string }) => <>{shownLine(withoutControls(text))}</>;

/** Several lines of it, as they are. */
export const Block = ({ text, className = '' }: { readonly text: string; readonly className?: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a long block scrolls, and has to be reached by the keyboard.
  <pre className={`block ${className}`} tabIndex={0}>
    {shown(withoutControls(text))}
  </pre>
);

/** What stands where there is nothing. */
export const Empty = ({ text, command }: { readonly text: string; readonly command?: string }) => (
  <p className="empty">
    {text}
    {command !== undefined && (
      <>
        {' '}
        Say: <code>{command}</code>
      </>
    )}
  </p>
);
