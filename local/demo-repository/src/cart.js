import { lineTotal } from './pricing.js';

const FREE_SHIPPING_FROM = 3000;
const SHIPPING = 390;

/** What all lines cost together, in cents, without shipping. */
export function cartTotal(lines) {
  return lines.map((line) => lineTotal(line)).reduce((sum, total) => sum + total);
}

/** What it costs to send goods of this value, in cents. */
export function shippingCost(total) {
  return total >= FREE_SHIPPING_FROM ? 0 : SHIPPING;
}
