const format = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });

/** An amount in cents as text for people, such as "€10.26". */
export function formatMoney(cents) {
  return format.format(cents / 100);
}
