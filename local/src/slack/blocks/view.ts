import type { ViewContent } from '../store/model.ts';

export function readView(value: unknown, _kind: 'modal' | 'home'): ViewContent {
  return (typeof value === 'string' ? JSON.parse(value) : value) as ViewContent;
}
