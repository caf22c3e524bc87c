import { withoutControls } from '../lib/text.ts';

/** What was pressed, in the words of a line of input. */
export type Key =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'enter' | 'interrupt' | 'end' | 'erase' | 'clear' };

const TOKEN =
  /\u001B\[200~(?<paste>[\s\S]*?)\u001B\[201~|\u001B\[[0-?]*[ -/]*[@-~]|\u001BO[@-~]|(?<control>[\u0000-\u001F\u007F])|(?<text>[^\u0000-\u001F\u007F]+)/gu;
// The beginning of a sequence whose rest has not come yet; an open paste has come only when its end has.
const INCOMPLETE = /\u001B(?:\[200~(?:(?!\u001B\[201~)[\s\S])*|\[[0-?]*[ -/]*|O)?$/u;

const CONTROLS: Readonly<Record<string, Exclude<Key['kind'], 'text'>>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\u0003': 'interrupt',
  '\u0004': 'end',
  '\u0008': 'erase',
  '\u007F': 'erase',
  '\u0015': 'clear',
};

/** Turns what a terminal sends, in pieces cut anywhere, into keys. A paste is one text; unknown keys are nothing. */
export const keyReader = (): ((chunk: string) => readonly Key[]) => {
  let pending = '';
  return (chunk) => {
    const all = pending + chunk;
    pending = INCOMPLETE.exec(all)?.[0] ?? '';
    const complete = all.slice(0, all.length - pending.length);
    return [...complete.matchAll(TOKEN)].flatMap(({ groups = {} }): readonly Key[] => {
      const { paste, control, text } = groups;
      const written = paste?.replaceAll(/\r\n?/gu, '\n') ?? text;
      if (written !== undefined) return [{ kind: 'text', text: withoutControls(written) }];
      const kind = control === undefined ? undefined : CONTROLS[control];
      return kind ? [{ kind }] : [];
    });
  };
};
