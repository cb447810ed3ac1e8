import { expect, it } from 'vitest';
import { asksToStop } from './stop-word.ts';

it('asks to stop with that word, and with what says no more than it', () => {
  const stops = [
    'stop',
    'STOP',
    ' Stop. ',
    'stop!',
    'STOP please',
    'ok, please stop it now',
    '`stop`',
    '**stop**',
  ];
  expect([...stops, 'stop stop stop', 'stop 🙏', 'stop…', '🛑'].filter((text) => !asksToStop(text))).toEqual(
    [],
  );
  const others = ['stop the server', 'nonstop', '', '👍', 'please', "don't stop", 'stop?', '~~stop~~'];
  expect([...others, 'stop: it is the other file', 'stop @bo', 'توقف'].filter(asksToStop)).toEqual([]);
});
