import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cartPage } from '../src/page.js';

test('lists every line with its name', () => {
  const page = cartPage([
    { name: 'Postcard', price: 95, quantity: 1 },
    { name: 'Notebook A5', price: 690, quantity: 2 },
  ]);
  assert.match(page, /<td>Postcard<\/td>/);
  assert.match(page, /<td>Notebook A5<\/td>/);
});

test('asks for shipping on a small order', () => {
  assert.match(cartPage([{ name: 'Postcard', price: 95, quantity: 1 }]), /3\.90/);
});
