import { LONGEST_TYPED_TEXT, MOST_TYPED_EVENTS, type TypedEvent } from './wire.ts';

/** What was typed in pieces that go in a frame each, none of which is refused for its size. */
export const typedFrames = (events: readonly TypedEvent[]): readonly (readonly TypedEvent[])[] => {
  const frames: TypedEvent[][] = [];
  let room = 0;
  for (const event of events) {
    const length = event.kind === 'key' ? 1 : event.text.length;
    const last = frames.at(-1);
    if (last && last.length < MOST_TYPED_EVENTS && length <= room) last.push(event);
    else {
      frames.push([event]);
      room = LONGEST_TYPED_TEXT;
    }
    room -= length;
  }
  return frames;
};
