import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cartTotal, shippingCost } from '../src/cart.js';

test('adds up the lines', () => {
  const lines = [
    { price: 690, quantity: 2 },
    { price: 420, quantity: 1 },
  ];
  assert.equal(cartTotal(lines), 1800);
});

test('gives ten percent off twelve postcards', () => {
  assert.equal(cartTotal([{ price: 95, quantity: 12 }]), 1026);
});

test('sends larger orders for free', () => {
  assert.equal(shippingCost(2999), 390);
  assert.equal(shippingCost(3000), 0);
});
