import { cartTotal, shippingCost } from './cart.js';
import { formatMoney } from './money.js';
import { lineTotal } from './pricing.js';

const STYLE = `
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #23302b; background: #f4f1ea; }
  main { max-width: 640px; margin: 48px auto; padding: 32px 40px; background: #fff; border-radius: 16px;
    box-shadow: 0 8px 32px rgb(35 48 43 / 10%); }
  h1 { margin: 0 0 4px; font-size: 28px; }
  p { margin: 0 0 24px; color: #6b7a73; }
  table { width: 100%; border-collapse: collapse; }
  th { font-weight: 600; font-size: 13px; color: #6b7a73; text-align: left; }
  th, td { padding: 12px 0; border-bottom: 1px solid #e7e3d9; }
  th:not(:first-child), td:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; }
  tfoot td { border: 0; padding: 8px 0; }
  tfoot tr:last-child td { font-weight: 700; font-size: 20px; }
  button { width: 100%; margin-top: 24px; padding: 14px; border: 0; border-radius: 10px; font: inherit;
    font-weight: 600; color: #fff; background: #2f6f55; }
`;

/** The cart page as HTML. */
export function cartPage(lines) {
  const total = cartTotal(lines);
  const shipping = shippingCost(total);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Your cart – Acme Shop</title><style>${STYLE}</style></head>
<body>
<main>
  <h1>Your cart</h1>
  <p>Acme Shop · paper goods since 1962</p>
  <table>
    <thead><tr><th>Product</th><th>Price</th><th>Pieces</th><th>Total</th></tr></thead>
    <tbody>${lines.map(row).join('')}</tbody>
    <tfoot>
      <tr><td colspan="3">Shipping</td><td>${shipping === 0 ? 'free' : formatMoney(shipping)}</td></tr>
      <tr><td colspan="3">To pay</td><td>${formatMoney(total + shipping)}</td></tr>
    </tfoot>
  </table>
  <button type="button">Order now</button>
</main>
</body>
</html>
`;
}

function row(line) {
  const cells = [line.name, formatMoney(line.price), line.quantity, formatMoney(lineTotal(line))];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}
