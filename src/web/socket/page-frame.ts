import type { PageFrame } from '../wire.ts';
import { readTypedEvents } from './typed-events.ts';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** No name of an instance is longer, in characters. */
const LONGEST_NAME = 200;

const typedFrame = (instance: string, events: unknown): PageFrame | undefined => {
  const read = readTypedEvents(events);
  return read && { kind: 'typed', instance, events: read };
};

/** What a page says of one instance. */
const instanceFrame = ({ kind, instance, on, events }: Record<string, unknown>): PageFrame | undefined => {
  if (typeof instance !== 'string' || instance.length > LONGEST_NAME) return undefined;
  if (kind === 'log' || kind === 'unlog') return { kind, instance };
  if (kind === 'typing') return typeof on === 'boolean' ? { kind, instance, on } : undefined;
  return kind === 'typed' ? typedFrame(instance, events) : undefined;
};

/** Reads what a page says; undefined when it is nothing that a page says. */
export const readPageFrame = (text: string): PageFrame | undefined => {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(frame)) return undefined;
  const { kind, on } = frame;
  if (kind === 'resources' && typeof on === 'boolean') return { kind, on };
  return kind === 'ping' ? { kind } : instanceFrame(frame);
};
