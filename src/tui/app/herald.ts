import type { Output } from '../compositor/output.ts';
import { makeTerminalTitle } from '../compositor/terminal-title.ts';
import { makeNewsWatch, windowTitle } from '../model/news.ts';
import type { HeraldWishes, TuiOptions } from './options.ts';

const BELL = '\u0007';
const notification = (text: string): string => `\u001B]9;${text}\u001B\\`;

/** Terminals that show a title or a notification as text. */
const isPlain = (term: string | undefined): boolean => /^(?:linux|vt\d+|dumb)/u.test(term ?? '');

const makeRinger = (output: Pick<Output, 'write'>, env: TuiOptions['io']['env']) => {
  // tmux takes a bell to the window it came from, and keeps notifications for itself.
  const isInMultiplexer = Boolean(env['TMUX'] || env['STY']);
  return (bell: HeraldWishes['bell'], text: string): void => {
    if (bell === 'off') return;
    output.write(bell === 'bell' || isInMultiplexer || isPlain(env['TERM']) ? BELL : notification(text));
  };
};

/** Tells the terminal what a person wants to know who does not look at it, as the settings are at each moment. */
export const makeHerald = ({ client, heralds, io, repository }: TuiOptions) => {
  const title = makeTerminalTitle(io.output);
  const ring = makeRinger(io.output, io.env);
  const newsOf = makeNewsWatch(client.state, repository);
  return {
    /** Shows where the swarm is, and rings for what is new. */
    tell: (): void => {
      const wishes = heralds?.() ?? { title: false, bell: 'off' };
      const { state } = client;
      title.set(wishes.title && !isPlain(io.env['TERM']) ? windowTitle(state, repository) : null);
      const news = newsOf(state);
      if (news !== null) ring(wishes.bell, news);
    },
    /** Leaves the terminal with the title that it had. */
    leave: title.giveBack,
  };
};
