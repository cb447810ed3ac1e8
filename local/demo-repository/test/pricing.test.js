import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bulkDiscount, lineTotal } from '../src/pricing.js';

test('takes nothing off a few pieces', () => {
  assert.equal(lineTotal({ price: 420, quantity: 3 }), 1260);
});

test('takes twenty percent off fifty notebooks', () => {
  assert.equal(lineTotal({ price: 690, quantity: 50 }), 27600);
});

test('starts the bulk discounts at 10 and at 50 pieces', () => {
  assert.deepEqual([9, 10, 49, 50].map(bulkDiscount), [0, 0.1, 0.1, 0.2]);
});
