import type { AnyBlock } from '@slack/types';
import type { Attachment } from '../store/model.ts';

export function readBlocks(value: unknown, _surface: 'message' | 'modal' | 'home'): AnyBlock[] | null {
  if (value === undefined) return null;
  return (typeof value === 'string' ? JSON.parse(value) : value) as AnyBlock[];
}
export function readAttachments(value: unknown): Attachment[] | null {
  if (value === undefined) return null;
  return (typeof value === 'string' ? JSON.parse(value) : value) as Attachment[];
}
