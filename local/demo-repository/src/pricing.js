const BULK_DISCOUNTS = [
  { from: 50, rate: 0.2 },
  { from: 10, rate: 0.1 },
];

/** The share that is taken off a line of this many pieces: 0, 0.1 or 0.2. */
export function bulkDiscount(quantity) {
  return BULK_DISCOUNTS.find(({ from }) => quantity >= from)?.rate ?? 0;
}

/** The price of one cart line in cents, with its bulk discount. */
export function lineTotal({ price, quantity }) {
  const discount = bulkDiscount(quantity);
  return Math.round(price * (1 - discount)) * quantity;
}
