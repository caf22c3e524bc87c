import type { PageFrame } from '../wire.ts';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Reads what a page says; undefined when it is nothing that a page says. */
export const readPageFrame = (text: string): PageFrame | undefined => {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(frame)) return undefined;
  const { kind, instance, on } = frame;
  if ((kind === 'log' || kind === 'unlog') && typeof instance === 'string') return { kind, instance };
  if (kind === 'resources' && typeof on === 'boolean') return { kind, on };
  return kind === 'ping' ? { kind } : undefined;
};
