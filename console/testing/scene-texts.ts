/** What the agent of a scene reads and writes: a patch, and what its commands print. */

export const PATCH = `diff --git a/src/cart/total.ts b/src/cart/total.ts
index 3b18e51..a9c1f02 100644
--- a/src/cart/total.ts
+++ b/src/cart/total.ts
@@ -1,14 +1,19 @@
 import type { Line } from './line.ts';
 
 /** The sum of a cart, in cents. */
-export function total(lines: Line[], discount = 0) {
+export function total(lines: readonly Line[], discountPercent = 0): number {
   let sum = 0;
   for (const line of lines) {
-    sum += line.price * line.quantity - discount;
+    sum += line.price * line.quantity;
   }
-  return sum;
+  return sum - discountOf(sum, discountPercent);
+}
+
+/** Rounded down: a customer never pays a cent too much. */
+function discountOf(sum: number, percent: number): number {
+  return Math.floor((sum * percent) / 100);
 }
 
 export function isEmpty(lines: Line[]) {
   return lines.length === 0;
 }
diff --git a/src/cart/total.test.ts b/src/cart/total.test.ts
new file mode 100644
index 0000000..5f0c1b2
--- /dev/null
+++ b/src/cart/total.test.ts
@@ -0,0 +1,11 @@
+import assert from 'node:assert/strict';
+import { it } from 'node:test';
+import { total } from './total.ts';
+
+it('takes a discount once, whatever the number of lines', () => {
+  const lines = [
+    { price: 1000, quantity: 1 },
+    { price: 500, quantity: 2 },
+  ];
+  assert.equal(total(lines, 10), 1800);
+});
`;

export const EDIT_DIFF = `Index: src/cart/total.ts
===================================================================
--- src/cart/total.ts
+++ src/cart/total.ts
@@ -4,9 +4,14 @@
-export function total(lines: Line[], discount = 0) {
+export function total(lines: readonly Line[], discountPercent = 0): number {
   let sum = 0;
   for (const line of lines) {
-    sum += line.price * line.quantity - discount;
+    sum += line.price * line.quantity;
   }
-  return sum;
+  return sum - discountOf(sum, discountPercent);
+}
+
+/** Rounded down: a customer never pays a cent too much. */
+function discountOf(sum: number, percent: number): number {
+  return Math.floor((sum * percent) / 100);
 }
`;

export const FAILING = `\u001b[1m> storefront@2.4.0 test\u001b[0m
> node --test

\u001b[31m✖ takes a discount once, whatever the number of lines \u001b[90m(1.83ms)\u001b[39m
  \u001b[31mAssertionError [ERR_ASSERTION]: Expected values to be strictly equal:

  \u001b[32m+ actual\u001b[39m \u001b[31m- expected\u001b[39m

  \u001b[32m+ 1980\u001b[39m
  \u001b[31m- 1800\u001b[39m
\u001b[34mℹ tests 24\u001b[39m
\u001b[34mℹ pass 23\u001b[39m
\u001b[34mℹ fail 1\u001b[39m
`;

export const PASSING = `\u001b[1m> storefront@2.4.0 test\u001b[0m
> node --test

\u001b[32m✔ takes a discount once, whatever the number of lines \u001b[90m(1.21ms)\u001b[39m
\u001b[32m✔ an empty cart costs nothing \u001b[90m(0.31ms)\u001b[39m
\u001b[34mℹ tests 24\u001b[39m
\u001b[34mℹ pass 24\u001b[39m
\u001b[34mℹ fail 0\u001b[39m
`;
