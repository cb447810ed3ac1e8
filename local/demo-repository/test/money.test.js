import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMoney } from '../src/money.js';

test('shows two decimals', () => {
  assert.match(formatMoney(1026), /10\.26/);
  assert.match(formatMoney(1000), /10\.00/);
});
