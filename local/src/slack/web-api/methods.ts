import { chatMethods } from './chat.ts';
import type { Method } from './method.ts';

/** Every method that the workspace knows; others are `unknown_method`. */
export const METHODS: Readonly<Record<string, Method>> = { ...chatMethods };
